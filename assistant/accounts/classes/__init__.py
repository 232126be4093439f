"""班次: the list of a class as it is brought in, and the classes that are kept."""
