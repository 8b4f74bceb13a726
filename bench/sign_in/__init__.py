"""How long somebody waits for each page of signing in."""

WARM = 5  # the first to sign in, who are not counted
