"""Benchmarks of what suppliers send: whom its rows are linked with, and how fast."""
