"""Questions made by rule from sentences, for people without questions and for training; and how generated ones are
marked."""
