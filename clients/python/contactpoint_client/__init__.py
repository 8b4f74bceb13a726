"""Asks the registry, from a case-management system, who else works with a child (README.md beside it)."""

from contactpoint_client.notices import Notice, Notices, WrongNoticeError
from contactpoint_client.problems import NotSignedInError, ProblemError, UnreachableError
from contactpoint_client.registry import Registry, new_key
from contactpoint_client.system import Begun, Session, System, Tokens

__all__ = [
    "Begun",
    "NotSignedInError",
    "Notice",
    "Notices",
    "ProblemError",
    "Registry",
    "Session",
    "System",
    "Tokens",
    "UnreachableError",
    "WrongNoticeError",
    "new_key",
]
