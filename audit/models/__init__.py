from audit.models.event import Event
from audit.models.sealing import Checkpoint, Tile

__all__ = ["Checkpoint", "Event", "Tile"]
