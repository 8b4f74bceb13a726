from audit.models.alert import RaisedAlert
from audit.models.event import Event
from audit.models.sealing import Checkpoint, Tile

__all__ = ["Checkpoint", "Event", "RaisedAlert", "Tile"]
