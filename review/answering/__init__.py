"""From what the log holds to what a letter says: lines, what the rules propose for each, and what a person confirms."""
