"""Asks the registry who else works with a child, or delivers what a supplier sends (README.md beside it)."""

from contactpoint_client.notices import Notice, Notices, WrongNoticeError
from contactpoint_client.problems import NotSignedInError, ProblemError, UnreachableError
from contactpoint_client.registry import Registry, new_key
from contactpoint_client.software import Deliveries, Software
from contactpoint_client.system import Begun, Session, System, Tokens

__all__ = [
    "Begun",
    "Deliveries",
    "NotSignedInError",
    "Notice",
    "Notices",
    "ProblemError",
    "Registry",
    "Session",
    "Software",
    "System",
    "Tokens",
    "UnreachableError",
    "WrongNoticeError",
    "new_key",
]
