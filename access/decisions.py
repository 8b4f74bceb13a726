"""Who may: the question every action and page asks, in one place."""

from access.errors import NotPermittedError
from access.roles import Permission, Role
from audit.actors import Actor


def can(actor: Actor, permission: Permission) -> bool:
    """Whether the actor's role has the permission."""
    return permission in Role(actor.role).permissions


def check_can(actor: Actor, permission: Permission) -> None:
    """Raise NotPermittedError unless the actor's role has the permission."""
    if not can(actor, permission):
        raise NotPermittedError
