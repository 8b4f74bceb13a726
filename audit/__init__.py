"""The access log: what was done, by whom, to whom, for which reason.

Subjects and actors are ids; its core knows nobody above it.
"""
