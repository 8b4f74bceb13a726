"""Stop one person, one organisation's people or the whole service at once, or let them go on (--lift).

For an emergency in which nobody reaches the pages. Run it with the worker's address of the database, on any machine
that has it: DATABASE_ROLE=worker with the local settings.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access.models import Organisation, StopReason, StopScope, User
from access.models.user import email_fingerprint
from access.organisations.actions.stopping import lift, stop
from access.rules.errors import RefusedError
from audit.actors import Process
from audit.errors import NoLiveSessionError

ACTOR = Process("shell")
ASK = "ask"
WRONG_ROLE = "This connection may not stop anybody. Use the worker's address of the database (DATABASE_ROLE=worker)."


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--user", metavar="NUMBER", help=f'their number, or "{ASK}" to be asked for their address')
        whom.add_argument("--organisation", metavar="CODE", help="its number in its own directory, such as a URN")
        whom.add_argument("--service", action="store_true", help="everybody but those who may lift it")
        parser.add_argument("--reason", choices=StopReason.values, default=StopReason.INCIDENT)
        parser.add_argument("--lift", action="store_true", help="let them go on")

    def handle(self, *args: Any, reason: str, **options: Any) -> None:
        scope, target = _meant(options)
        try:
            if options["lift"]:
                lift(actor=ACTOR, scope=scope, target=target)
            else:
                stop(actor=ACTOR, scope=scope, target=target, reason=StopReason(reason))
        except NoLiveSessionError:
            raise CommandError(WRONG_ROLE) from None
        except RefusedError as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write("They can go on." if options["lift"] else "Stopped, from the very next request on.")


def _meant(options: dict[str, Any]) -> tuple[StopScope, int | None]:
    if options["service"]:
        return StopScope.SERVICE, None
    if options["organisation"]:
        organisation = Organisation.objects.filter(directory_code=options["organisation"]).first()
        if organisation is None:
            raise CommandError("No organisation has this code.")
        return StopScope.ORGANISATION, organisation.pk
    return StopScope.USER, _user(options["user"])


def _user(wanted: str) -> int:
    """By number, or by an address that is typed, so that it does not stay in the shell's history."""
    if wanted == ASK:
        found = User.objects.filter(email_fingerprint=email_fingerprint(input("Their e-mail address: ")))
    else:
        found = User.objects.filter(pk=int(wanted) if wanted.isascii() and wanted.isdecimal() else 0)
    user_id = found.values_list("pk", flat=True).first()
    if user_id is None:
        raise CommandError("There is no such person in the service.")
    return int(user_id)
