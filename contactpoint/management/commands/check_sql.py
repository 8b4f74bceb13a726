"""Compare each function, and what guards each table, with its page of SQL. Run it after migrating, as the owner."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from database.comparison import differing, pages_in_force


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = differing()
        except ProgrammingError as error:
            raise CommandError(f"{error}\nOnly the database's owner may ask: set DATABASE_ROLE=owner.") from error
        if found:
            listed = "\n".join(f"  {each}" for each in found)
            raise CommandError(
                f"The database does not run what the pages of SQL say, or something besides:\n{listed}\n"
                "A page that is changed needs a new number and a migration (database/__init__.py). If the pages are as "
                "they were released, somebody changed the database by hand."
            )
        self.stdout.write(f"The database runs what its {len(pages_in_force())} pages of SQL say.")
