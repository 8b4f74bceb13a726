"""API tokens: made, shown once, revoked."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from access.models import ApiToken
from access.rules.administering import organisations_administered
from access.rules.errors import NotAdministeredError, NotFoundError
from access.software.token_list import tokens_of
from access.software.tokens import new_secret, token_fingerprint
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be made: for which organisation's people, what it is for, how long it is good."""

    organisation_id: int
    label: str
    days: int


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token as it is shown, this once."""

    token: ApiToken
    secret: str = field(repr=False)


@transaction.atomic
def make_token(*, actor: Actor, new: NewToken) -> MadeToken:
    """Make a token that speaks for the people of the organisation and of those that it answers for.

    The actor answers for it: it stops when they may no longer administer the organisation.
    Raises NotAdministeredError where they do not now.
    """
    if not organisations_administered(actor).filter(pk=new.organisation_id).exists():
        raise NotAdministeredError
    record(EventKind.TOKEN_MADE, About(user_id=actor.user_id), actor=actor)
    secret = new_secret()
    token = ApiToken(
        organisation_id=new.organisation_id,
        responsible_id=actor.user_id,
        label=new.label,
        token_fingerprint=token_fingerprint(secret),
        expires_at=timezone.now() + timedelta(days=new.days),
    )
    token.save()
    return MadeToken(token, secret)


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: int) -> None:
    """Stop the token: what shows it is refused from the next request on. Revoked twice, it is revoked once.

    Raises NotFoundError where there is none of that id among the actor's organisations.
    """
    token = tokens_of(actor).filter(pk=token_id).first()
    if token is None:
        raise NotFoundError
    record(EventKind.TOKEN_REVOKED, About(user_id=token.responsible_id), actor=actor)
    # In one statement, which is all that the database lets the web role change of a token.
    ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=timezone.now())
