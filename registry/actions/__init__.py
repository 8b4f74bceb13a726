"""What people do: each writes in one transaction with its event inside, or reads once its event is committed."""
