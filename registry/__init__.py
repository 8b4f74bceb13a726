"""The registry: who a child is, who cares for them, who works with them, and how they are found."""
