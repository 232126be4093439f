"""The desk's pages about questions: queues, curated answers, word lists, figures, trying the search."""
