"""What is known about a document: its identity card, its publication, what it repeals, whether it is in force."""
