"""The commands: each calls the explorer or the reports, and prints. One file for each."""
