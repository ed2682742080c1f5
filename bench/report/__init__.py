"""The page of a report: how large it is, and how soon it can be used."""
