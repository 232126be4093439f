"""Reading files that are packages of other files: zip archives, mail, slides, OFD, EPUB."""
