"""How long an administrator waits for a list of people."""
