"""Two well-kept ways to keep a log in Django, as their own documentation sets them up."""
