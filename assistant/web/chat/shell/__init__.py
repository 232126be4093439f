"""The shell around Gradio: what of it is open, whose a stream is, and the page as the browser gets it."""
