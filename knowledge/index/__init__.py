"""The indexes that passages are found by: words, exact vectors, Chroma."""
