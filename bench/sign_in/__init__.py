"""How long somebody waits for each page of signing in."""
