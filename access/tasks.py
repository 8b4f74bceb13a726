"""Background work of access."""

from contextlib import ExitStack

from celery import shared_task

from access.door.sessions import SessionStore
from access.people.actions.inviting import send_invitations
from access.people.actions.notifying import send_notices
from access.people.actions.reminding import remind
from access.people.actions.vetting import run_out_old_agreements
from access.sign_in import sessions as sign_in_sessions
from access.systems.actions.acting import clear_ended_codes
from access.systems.actions.fetching import clear_ended_tokens
from audit.actors import Process


@shared_task
def delete_ended_sessions() -> None:
    """Remove sessions, codes for some and tokens that are past a limit; they have opened nothing since they passed it.

    Even where one of these fails.
    """
    with ExitStack() as each:
        for clear in (
            SessionStore.clear_expired,
            sign_in_sessions.clear_expired,
            clear_ended_codes,
            clear_ended_tokens,
        ):
            each.callback(clear)


@shared_task
def end_old_agreements() -> None:
    """Have signatures of older versions of the agreement end, once a newer one is in force for 30 days."""
    run_out_old_agreements(actor=Process("agreements"))


@shared_task
def send_links() -> None:
    """Mail the links that administrators asked for."""
    send_invitations()


@shared_task
def tell_of_changes() -> None:
    """Write to whoever's password or second factors changed."""
    send_notices()


@shared_task
def send_reminders() -> None:
    """Write to whoever's vetting, or organisation's accreditation, runs out in 60, 30 or 7 days."""
    remind()
