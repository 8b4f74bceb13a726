from audit.models.event import Event

__all__ = ["Event"]
