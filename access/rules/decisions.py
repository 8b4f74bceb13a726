"""Who may: the question every action and page asks, in one place."""

from access.rules.errors import NotPermittedError
from access.rules.roles import Permission, permissions_of
from audit.actors import Actor


def can(actor: Actor, permission: Permission) -> bool:
    """Whether the actor's role has the permission."""
    return permission in permissions_of(actor.role)


def check_can(actor: Actor, permission: Permission) -> None:
    """Raise NotPermittedError unless the actor's role has the permission."""
    if not can(actor, permission):
        raise NotPermittedError
