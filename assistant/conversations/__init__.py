"""Conversations and what belongs to them: turns, runs, feedback, figures, what could be asked next."""
