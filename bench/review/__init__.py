"""What examining an event takes: reading it, what was known, explanations and rules, and keeping what came of it."""
