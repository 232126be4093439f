"""The commands `xuesi eval` and `xuesi kb learn`."""
