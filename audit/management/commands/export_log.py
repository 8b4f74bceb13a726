"""Write the sealed log out as text, one line a leaf, to be checked elsewhere by contactpoint-verify."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from audit.actors import Process
from audit.events import EventKind
from audit.leaves import leaves
from audit.models import Checkpoint
from audit.recorder import record
from transparency.lines import EXPORT_HEADER

LEAVES_AT_ONCE = 20_000


class Command(BaseCommand):
    help = __doc__ + " Run it as the sequencer. That it ran is in the log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to; - for standard output")
        parser.add_argument("--since", type=_moment, help="only what was sealed from then on, such as 2026-11-01")
        parser.add_argument("--until", type=_moment, help="only what was sealed before then")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            record(EventKind.LOG_READ, actor=Process("export_log"))
        if str(options["file"]) == "-":
            write(sys.stdout, options["since"], options["until"])
            return
        with options["file"].open("x", encoding="utf-8") as file:
            written = write(file, options["since"], options["until"])
        self.stdout.write(f"{written} events written to {options['file']}.")


def write(file: TextIO, since: datetime | None = None, until: datetime | None = None) -> int:
    """Write the leaves that were sealed within that time. Returns how many."""
    file.write(f"{EXPORT_HEADER.decode()}\n")
    written = 0
    for begin, end in _spans(since, until):
        size, before = (begin.size, begin.before_transaction) if begin else (0, "0")
        condition = "transaction_id >= %s::text::xid8 AND transaction_id < %s::text::xid8"
        for index, leaf in enumerate(leaves(condition, [str(before), str(end.before_transaction)]), start=size):
            file.write(f"{index} {leaf.line}\n")
            written += 1
    return written


def _spans(since: datetime | None, until: datetime | None) -> Iterator[tuple[Checkpoint | None, Checkpoint]]:
    """Pairs of checkpoints that are about LEAVES_AT_ONCE apart; the first begins where the time does."""
    wanted = Checkpoint.objects.order_by("size")
    begin = wanted.filter(at__lt=since).last() if since else None
    last = None
    for checkpoint in wanted.filter(**({"at__lt": until} if until else {}), size__gt=begin.size if begin else 0):
        last = checkpoint
        if checkpoint.size - (begin.size if begin else 0) >= LEAVES_AT_ONCE:
            yield begin, checkpoint
            begin, last = checkpoint, None
    if last:
        yield begin, last


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else timezone.make_aware(moment)
