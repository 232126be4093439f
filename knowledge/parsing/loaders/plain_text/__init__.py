"""Plain text and Markdown: bytes of any encoding to lines, lines to paragraphs."""
