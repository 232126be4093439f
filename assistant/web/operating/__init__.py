"""For those who run the server: whether it lives, what it counts, what it writes down of each request."""
