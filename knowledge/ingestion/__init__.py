"""From a file or a web page to a stored document."""
