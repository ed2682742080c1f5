"""What is found before the search: settings whose values the explore questions decide."""
