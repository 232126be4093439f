"""How the chat looks and what it says: theme, words, and the one style sheet that it shares with the other pages."""
