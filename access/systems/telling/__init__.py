"""A system is told that something changed, and nothing of what: signed, and sent to no address of ours (ADR 59)."""
