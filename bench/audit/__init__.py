"""What the access log costs, and how quickly it is sealed and checked: `python -m bench.audit`."""
