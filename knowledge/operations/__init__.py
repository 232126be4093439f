"""Work on a whole library: the queue of uploads, exchange, backup, check."""
