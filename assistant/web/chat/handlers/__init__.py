"""What happens when a reader does something: every handler takes him from his session and reads the rest by his name."""
