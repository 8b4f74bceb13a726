"""Asks the registry, from a case-management system, who else works with a child (docs/api.md)."""

from contactpoint_client.problems import NotSignedInError, ProblemError
from contactpoint_client.registry import Registry
from contactpoint_client.system import Begun, Session, System

__all__ = ["Begun", "NotSignedInError", "ProblemError", "Registry", "Session", "System"]
