from audit.models.alert import RaisedAlert
from audit.models.event import Event
from audit.models.sealing import Checkpoint, Cosignature, LogKey, Tile
from audit.models.ticket import TicketKey

__all__ = ["Checkpoint", "Cosignature", "Event", "LogKey", "RaisedAlert", "TicketKey", "Tile"]
