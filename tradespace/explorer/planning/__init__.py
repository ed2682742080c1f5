"""What an exploration will take, before it does."""
