"""Words and characters: one width, one way to write numbers and dates, tokens, how alike two wordings are, what must not leave."""
