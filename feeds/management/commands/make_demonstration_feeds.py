"""Make what suppliers sent to the demonstration authority. Complete, it changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from access.models import Organisation
from feeds import demonstration
from registry.demonstration.users import COUNCIL
from registry.management.commands.make_demonstration import SEED
from registry.search import index


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        council = Organisation.objects.get(directory_code=COUNCIL)
        made = demonstration.make(council, seed=SEED, generated_on=index.started_on(), today=timezone.localdate())
        for batch in made:
            self.stdout.write(f"Batch {batch.pk}: {batch.state}, {batch.rows} rows, {batch.queued} doubtful.")
