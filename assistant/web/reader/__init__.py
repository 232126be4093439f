"""Reading documents: the library, a whole document, the source of a citation, two editions side by side."""
