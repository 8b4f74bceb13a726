"""API tokens as administrators see them: never the token, never its fingerprint."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import QuerySet

from access.models import ApiToken
from access.people.selectors.people import names_of
from access.rules.administering import organisations_administered
from access.rules.errors import NotFoundError
from audit.actors import Actor

STATES = {
    "": "Good",
    "revoked": "Revoked",
    "expired": "Run out",
    "organisation": "Organisation stopped",
    "responsible": "Nobody answers for it",
}


@dataclass(frozen=True, slots=True)
class ShownToken:
    """One token: what uses it, who answers for it, whether it is good now."""

    id: int
    label: str
    organisation: str
    responsible: str
    expires_at: datetime
    last_used_on: date | None
    state: str
    is_good: bool
    is_revoked: bool


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    """The tokens of the organisations that the actor administers."""
    tokens: QuerySet[ApiToken] = ApiToken.objects.filter(organisation__in=organisations_administered(actor))
    return tokens.select_related("organisation")


def tokens_shown(actor: Actor) -> list[ShownToken]:
    """Those tokens, newest first."""
    return _shown(tokens_of(actor).order_by("-made_at", "-pk"))


def token_shown(actor: Actor, token_id: int) -> ShownToken:
    """That one of them. Raises NotFoundError where there is none."""
    shown = _shown(tokens_of(actor).filter(pk=token_id))
    if not shown:
        raise NotFoundError
    return shown[0]


def _shown(tokens: QuerySet[ApiToken]) -> list[ShownToken]:
    found = list(tokens)
    standings = _standings([token.pk for token in found])
    names = names_of({token.responsible_id for token in found})
    return [
        ShownToken(
            id=token.pk,
            label=token.label.open(),
            organisation=token.organisation.name,
            responsible=names[token.responsible_id],
            expires_at=token.expires_at,
            last_used_on=token.last_used_on,
            state=STATES[standings[token.pk]],
            is_good=not standings[token.pk],
            is_revoked=token.revoked_at is not None,
        )
        for token in found
    ]


def _standings(ids: Sequence[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, standing FROM access_token_standings(%s)", [list(ids)])
        return dict(cursor.fetchall())
