"""Reading web pages: the document on the page, without the page around it."""
