"""What a supplier's software asks: a batch delivered, and what became of it."""
