"""What it costs to keep what can be compared: room at rest, and time to make, keep and open it."""
