"""What readers take away: answers, notes and outlines as Markdown and Word files with their sources as footnotes."""
