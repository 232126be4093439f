"""The chat: its page, asking, the list of conversations, opinions, what could be asked next."""
