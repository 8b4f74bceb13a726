"""Benchmarks: each a command that prints a table, and writes the same figures with --json FILE."""
