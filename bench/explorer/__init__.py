"""How long an auditor waits for the pages of the desk, and what PostgreSQL does for them."""
