"""What a reader keeps for himself: excerpts, notes, outlines."""
