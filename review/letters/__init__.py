"""Letters to families. A letter is made of one closed value and of nothing else: no model, selector or query is known
here, and a contract in pyproject.toml keeps it so. What is not among its facts cannot stand in it."""
