"""Pages of what a reader keeps: notes, outlines, files to take away."""
