"""What needs a trainer: unanswered and disputed questions, how they were handled and closed."""
