"""Whether a shield can be told by time or length, how soon one is in force, and what it costs every search."""
