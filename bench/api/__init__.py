"""What the API takes, beside the pages that do the same."""
