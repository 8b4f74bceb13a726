"""Pages: they read what came in, call one action or selector, and show what comes back."""
