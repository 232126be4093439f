"""Question in, cited answer out: understanding, answers, conversations, web pages."""
