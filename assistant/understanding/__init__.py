"""What a question asks: its kind, the documents it names, what it takes over, what it is limited to."""
