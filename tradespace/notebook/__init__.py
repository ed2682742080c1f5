"""What notebooks and scripts ask of a study."""
