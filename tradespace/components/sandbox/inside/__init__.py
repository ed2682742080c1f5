"""What runs inside the sandbox. Standard library alone, and nothing of Tradespace: nothing of it is in its memory."""
