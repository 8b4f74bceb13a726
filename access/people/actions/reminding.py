"""Reminding people by e-mail of what runs out. For the worker alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from access.models import Grant, Organisation, Reminder, User, UserState
from access.people import letters
from access.people.actions.posting import Ending, post
from access.people.reminding import Band, bands
from access.rules import grants
from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record

VETTING, ACCREDITATION = "vetting", "accreditation"

Letter = Callable[..., EmailMessage]


def remind(*, actor: str = "reminders") -> int:
    """Write to everybody whose vetting, or an organisation of theirs whose accreditation, runs out. Returns how many.

    Each in a transaction of their own, the letter last: whoever could not be written to, or was put off, is written to
    the next time, and whoever was is not at that step again. Nor is an address that is refused. Raises OSError or
    SMTPException where the mail server cannot be reached.
    """
    today = timezone.localdate()
    with closing(get_connection()) as mail:
        return sum(
            _remind_people(actor, band, mail) + _remind_administrators(actor, band, mail, today)
            for band in bands(today=today)
        )


def _remind_people(process: str, band: Band, mail: BaseEmailBackend) -> int:
    told = Reminder.objects.filter(
        user=OuterRef("pk"), organisation=None, runs_out_on=OuterRef("valid_until"), days__lte=band.days
    )
    due = User.objects.filter(~Exists(told), state=UserState.ACTIVE, valid_until__range=(band.first, band.last))
    people = list(due.order_by("pk").values_list("pk", "valid_until"))
    return sum(_tell(process, user_id, band, [(None, day)], mail) for user_id, day in people)


def _remind_administrators(process: str, band: Band, mail: BaseEmailBackend, today: date) -> int:
    ending = Organisation.objects.filter(accredited_until__range=(band.first, band.last))
    theirs = _by_administrator(ending, today)
    return sum(_tell(process, user_id, band, theirs[user_id], mail) for user_id in sorted(theirs))


def _by_administrator(
    organisations: Iterable[Organisation], today: date
) -> dict[int, list[tuple[Organisation | None, date]]]:
    """The organisations that each administrator looks after, with the last day of each."""
    held = Grant.objects.filter(permission__codename=grants.ADMINISTER, expires_on__gte=today)
    holders: dict[int, set[int]] = defaultdict(set)
    for organisation_id, user_id in held.values_list("content_object_id", "user_id"):
        holders[organisation_id].add(user_id)
    theirs: dict[int, list[tuple[Organisation | None, date]]] = defaultdict(list)
    for one in organisations:
        if (until := one.accredited_until) is not None:
            for user_id in holders[one.pk] | holders[one.authority_id]:
                theirs[user_id].append((one, until))
    return theirs


@transaction.atomic
def _tell(
    process: str, user_id: int, band: Band, ends: list[tuple[Organisation | None, date]], mail: BaseEmailBackend
) -> bool:
    """Write to one person of all that they were not told of at this step or a later one."""
    active = User.objects.select_for_update(skip_locked=True).filter(pk=user_id, state=UserState.ACTIVE)
    user = active.first()
    if user is None:  # no more, or another worker is at it
        return False
    kept = Reminder.objects.filter(user=user, days__lte=band.days, runs_out_on__in=[day for _, day in ends])
    told = set(kept.values_list("organisation", "runs_out_on"))
    new = [(one, day) for one, day in ends if (one.pk if one else None, day) not in told]
    if not new:
        return False
    of_vetting = new[0][0] is None
    _record(process, user, [VETTING if of_vetting else ACCREDITATION, str(band.days)])
    Reminder.objects.bulk_create(
        Reminder(user=user, organisation=one, runs_out_on=day, days=band.days) for one, day in new
    )
    letter: Letter = letters.reminder_of_vetting if of_vetting else letters.reminder_of_accreditation
    ending = post(
        lambda: letter(user, [day for _, day in new], connection=mail), mail=mail, what=f"reminder of user {user_id}"
    )
    if ending == Ending.PUT_OFF:
        transaction.set_rollback(True)
    return ending == Ending.SENT


def _record(process: str, user: User, fields: list[str]) -> None:
    organisation = user.organisation
    actor = Process(process, organisation_id=organisation.pk, authority_id=organisation.authority_id)
    record(EventKind.USER_REMINDED, About(user_id=user.pk, fields=fields), actor=actor)
