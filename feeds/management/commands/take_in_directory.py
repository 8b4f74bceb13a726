"""Take in a national directory: `manage.py take_in_directory schools edubasealldata.csv`, `practices epraccur.csv`.

Schools as Get Information About Schools lists them, GP practices as the NHS Organisation Data Service does. With the
worker's rights. Nobody gets access by it: what is new is not accredited, and of what closes nobody is shut out.
"""

import hashlib
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feeds.readers.directories import READERS, Directory
from feeds.readers.packed import unpacked
from feeds.readers.streams import pieces
from feeds.rows import Fault, FeedRefusedError
from feeds.worker import answering, directories
from feeds.worker.listed import SHOWN, Answering, Found, Several

MOST_BYTES = 1024**3  # the list of all schools has 60 million
NOTHING = "Nothing was changed."


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", choices=[each.value for each in Directory])
        parser.add_argument("file", help="the file, or - for what comes through a pipe")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--yes-close", type=int, default=0, metavar="N", help="so many may close at once")
        parser.add_argument(
            "--yes-missing", type=int, default=0, metavar="N", help="so many may be missing in the file"
        )
        whose = parser.add_mutually_exclusive_group()
        whose.add_argument(
            "--postcodes",
            type=Path,
            help="of practices: ONS Postcode Directory (CSV), which says whose area they are in",
        )
        whose.add_argument(
            "--authority", metavar="CODE", help="of practices: directory code of the one authority for all that are new"
        )

    def handle(self, *, directory: str, file: str, dry_run: bool, **options: Any) -> None:
        which, today = Directory(directory), timezone.localdate()
        if which == Directory.SCHOOLS and (options["postcodes"] or options["authority"]):
            raise CommandError("Of schools the file says which authority answers. Leave out the option.")
        allowed = {"may_close": options["yes_close"], "may_miss": options["yes_missing"]}
        with _copied(file) as (stream, digest):
            try:
                whose = _answering(which, stream, options["postcodes"], options["authority"])
                found = directories.look(which, _again(stream), whose, today)
                self._tell(which, found)
                directories.check(found, **allowed)
                if dry_run:
                    self.stdout.write(NOTHING)
                    return
                done = directories.take_in(which, _again(stream), whose, today, digest=digest, **allowed)
            except FeedRefusedError as error:
                raise CommandError(f"This cannot be taken in. {error} {NOTHING}") from None
            except directories.DirectoryRefusedError as error:
                raise CommandError(f"{error} {NOTHING}") from None
        self.stdout.write(f"{done.changes:,} organisations are changed." if done.changes else NOTHING)

    def _tell(self, which: Directory, found: Found) -> None:
        """All that it says and changes, in numbers; what somebody may want to look at one by one, too."""
        say = self.stdout.write
        say(f"{which.label}: {found.listed:,} read. On record and open before: {found.before:,}.")
        say(f"  new {found.added:,}, changed {found.changed:,}, open again {found.reopened:,}")
        self._tell_each("closed", found.closed)
        self._tell_each(
            "of these with people who work there, or accredited; they stay, and so does their access",
            found.closed_with_people,
        )
        self._tell_each("lines that cannot be read", found.refused)
        self._tell_each("left as they are: on record and open, and not in the file", found.missing)
        self._tell_each("left with their authority, though the file says another", found.elsewhere)
        self._tell_each("not taken: their number is another organisation's", found.taken)
        say(f"  not taken, since they closed before or are not open yet: {found.closed_before:,}")
        say(f"  not taken, since no authority on record answers for them: {found.unanswered.total():,}")
        for words, number in found.unanswered.most_common(SHOWN):
            say(f"    {number:,}: {words}")

    def _tell_each(self, what: str, some: Several) -> None:
        if some.number:
            self.stdout.write(f"  {what}: {some.number:,}")
            for each in some.first:
                self.stdout.write(f"    {each}")
            if some.number > len(some.first):
                self.stdout.write(f"    and {some.number - len(some.first):,} more")


@contextmanager
def _copied(file: str) -> Iterator[tuple[BinaryIO, str]]:
    """The file, laid aside so that it can be read again and is the same then, and its SHA-256. Public facts."""
    try:
        with TemporaryFile() as copy:
            if file == "-":
                digest = _copy(sys.stdin.buffer, copy)
            else:
                with Path(file).open("rb") as stream:
                    digest = _copy(stream, copy)
            yield copy, digest
    except OSError as error:
        raise CommandError(f"{error.filename or file}: {error.strerror}. {NOTHING}") from None


def _copy(stream: BinaryIO, copy: BinaryIO) -> str:
    digest = hashlib.sha256()
    for piece in pieces(stream):
        digest.update(piece)
        copy.write(piece)
        if copy.tell() > MOST_BYTES:
            raise CommandError(f"{Fault.TOO_LARGE.words}. {NOTHING}")
    return digest.hexdigest()


def _again(stream: BinaryIO) -> BinaryIO:
    stream.seek(0)
    return stream


def _answering(which: Directory, stream: BinaryIO, codes: Path | None, authority: str | None) -> Answering:
    if which == Directory.SCHOOLS:
        return answering.as_listed()
    if authority is not None:
        try:
            return answering.named(authority)
        except answering.UnknownAuthorityError:
            raise CommandError(f"No authority has the directory code {authority}.") from None
    if codes is None:
        return answering.nobody()
    try:
        with codes.open(encoding="utf-8-sig", newline="") as lines:
            return answering.by_postcode(READERS[which](unpacked(_again(stream))), lines)
    except (UnicodeDecodeError, answering.PostcodesError) as error:
        raise CommandError(f"{codes} is no list of postcodes: {error}. {NOTHING}") from None
