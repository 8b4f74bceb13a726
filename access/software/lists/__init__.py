"""Lists of people that come in files: read, checked line by line, and never kept."""
