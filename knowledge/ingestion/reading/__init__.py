"""A file read, understood and cut, in a process of its own."""
