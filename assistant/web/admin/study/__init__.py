"""The desk's pages about study: the question bank, papers, figures of a class."""
