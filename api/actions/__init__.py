"""What the API does beside the actions of registry."""
