"""Print docs/permissions.md: roles, what each may do, and what each route asks. `make check` compares it."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from access.door.routes import RoutePolicy, policy_of
from access.models import Role
from access.rules.roles import IN_A_CALL, Permission, permissions_of


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join([*_roles(), *_routes()]))


def _roles() -> Iterator[str]:
    yield "# Permissions\n\nMade by `manage.py permissions_page`; do not edit.\n"
    yield "## Roles\n"
    yield from (f"- **{role.label}.** {role.holder}" for role in Role)
    yield "\n| permission | " + " | ".join(role.label for role in Role) + " |"
    yield "|---|" + "---|" * len(Role)
    for permission in Permission:
        yield f"| `{permission}` | " + " | ".join(_mark(role, permission) for role in Role) + " |"


def _mark(role: Role, permission: Permission) -> str:
    """Whether the role has the permission; a mediator's are often another's."""
    if permission not in permissions_of(role):
        return ""
    return "in a colleague's call" if role == Role.MEDIATOR and permission in IN_A_CALL else "yes"


def _routes() -> Iterator[str]:
    yield "\n## Routes\n\nA route that is not listed is not found, whoever asks.\n"
    yield "| route | asks |\n|---|---|"
    answering = dict(reversed(list(_named(get_resolver()))))  # of two with one name the first answers
    for name in sorted(answering):
        policy = policy_of(answering[name].callback, name)
        if policy:
            yield f"| `{name}` | {_asked(policy)} |"


def _named(resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _named(pattern)
        elif pattern.name:
            yield pattern.name, pattern


def _asked(policy: RoutePolicy) -> str:
    if policy.admission:
        return f"a system’s token of a person with {_lasting(policy)}" if policy.vetted else policy.proof
    again = ", the second one again within five minutes" if policy.confirmed else ""
    return _lasting(policy) + again


def _lasting(policy: RoutePolicy) -> str:
    if policy.permission:
        return f"two factors, current vetting, `{policy.permission}`"
    if policy.vetted:
        return "two factors, current vetting"
    if policy.active:
        return "two factors, an active account"
    if policy.second_factor:
        return "two factors"
    if policy.enrolment:
        return "a password, and a second factor once there is one"
    return "a password" if policy.signed_in else "nothing"
