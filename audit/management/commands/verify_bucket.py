"""Hold the bucket in which the log is kept against the database and the witnesses' keys, object by object."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from transparency.errors import PublicationError, UnreachableError


class Command(BaseCommand):
    help = __doc__ + " Run it as the worker. It reads, and changes nothing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from audit.bucket_comparison import Comparison  # boto3 takes a while to load

        comparison, wrong = Comparison(), False
        try:
            for line in comparison.differences():
                self.stdout.write(line)
                wrong = True
        except (UnreachableError, PublicationError) as error:
            raise CommandError(str(error)) from None
        if wrong:
            raise CommandError("The bucket is NOT what was put there. The lines above say where.")
        self.stdout.write("The bucket holds what the database has, and nobody can delete it.")
        for witness, size in comparison.vouched_for.items():
            self.stdout.write(f"{witness} vouches for what it holds up to {size} events.")
