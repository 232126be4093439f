"""From the text of a file to its structure: labels, titles, headings, clauses, the outline, its provisions."""
