"""Mediated calls: a mediator looks up for a colleague on the telephone, in that colleague's name (ADR 17)."""
