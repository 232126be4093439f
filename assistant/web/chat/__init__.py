"""The chat, a Gradio page over the answers, conversations and templates of this application."""
