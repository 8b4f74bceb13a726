"""What tests of mediated calls do again and again: ring, read out, and lose one's access."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, Role, Stop, StopReason, StopScope, User, UserState, VettingItem
from audit.events import EventKind
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import as_owner_here
from tests.log import events

ASKING, SEARCH, END = reverse("asking"), reverse("search"), reverse("end_call")
# Ways out for somebody who was let in. Of these a mediator still finds the person, to tell them.
KNOWN_BUT_OUT = ("suspended", "stopped", "organisation stopped", "lapsed", "item missing", "accreditation")
OUT = (*KNOWN_BUT_OUT, "invited", "joining", "left", "revoked", "other role")


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def code_page(browser: Client, colleague: User) -> str:
    """Where the colleague's code is asked for."""
    response = browser.post(ASKING, {"asked": colleague.email.open()})
    assert response.status_code == 302
    return str(response.url)


def give(browser: Client, colleague: User, code: str) -> HttpResponse:
    return browser.post(code_page(browser, colleague), {"code": code})


def begun() -> list[tuple[int | None, int | None]]:
    """Who began a call, and for whom."""
    return [(event.actor_id, event.user_id) for event in events(kind=EventKind.MEDIATION_BEGUN)]


@signing_in()
def recovery_codes(person: User) -> list[str]:
    """The person's recovery codes, made now, in the place of their authenticator app."""
    Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
    return list(RecoveryCodes.activate(person).get_unused_codes())


def wrong_code(person: User) -> str:
    """Six digits that the person's app does not show."""
    right = factories.code_for(person)
    return f"{right[:5]}{(int(right[5]) + 5) % 10}"


def keep_out(person: User, how: str) -> None:
    """Let the person lose their access in one of the ways `OUT`."""
    yesterday = factories.today() - timedelta(days=1)
    with as_owner_here():
        if how in UserState.values:
            User.objects.filter(pk=person.pk).update(state=how)
        elif how == "other role":
            User.objects.filter(pk=person.pk).update(role=Role.ADMINISTRATOR)
        elif how == "lapsed":
            VettingItem.objects.filter(user=person).update(expires_on=yesterday)
        elif how == "item missing":
            VettingItem.objects.filter(user=person)[0].delete()
        elif how == "accreditation":
            Organisation.objects.filter(pk=person.organisation_id).update(accredited_until=yesterday)
        elif how == "stopped":
            begin_stop(StopScope.USER, user=person)
        else:
            begin_stop(StopScope.ORGANISATION, organisation=person.organisation)


def begin_stop(scope: StopScope, **whom: User | Organisation) -> None:
    Stop.objects.create(scope=scope, reason=StopReason.INCIDENT, begun_at=timezone.now(), **whom)
