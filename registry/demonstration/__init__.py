"""Synthetic England: children, families, organisations and users, all made up and the same for the same seed."""
