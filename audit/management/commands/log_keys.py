"""Print the public keys of the log, one a line, as contactpoint-verify takes them: the newest last."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from encryption.signing import public_keys
from transparency.note import VerifierKey


class Command(BaseCommand):
    help = __doc__ + " Run it as the sequencer, which alone has them."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for key in public_keys():
            self.stdout.write(str(VerifierKey(settings.LOG_ORIGIN, key)))
