"""A generator of load: requests at times that are fixed in advance, and what became of them."""
