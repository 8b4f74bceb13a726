"""The directory of GP practices as the NHS published it, whole; where EPRACCUR_FILE says where it lies."""

import os
import re
import time
from pathlib import Path

import pytest
from django.core.management import CommandError

from access.models import Organisation, OrganisationKind
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext, as_worker
from tests.integration.feeds.listing import take_in
from tests.log import events

FILE = os.environ.get("EPRACCUR_FILE", "")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not FILE, reason="EPRACCUR_FILE names no file")]


def _lines() -> list[bytes]:
    return Path(FILE).read_bytes().splitlines(keepends=True)


def _practices_on_record() -> int:
    with as_worker():
        return Organisation.objects.filter(kind=OrganisationKind.GP_PRACTICE, closed_on=None).count()


def test_all_practices_of_england_are_taken_in(db: None, as_owner: OwnerContext, tmp_path: Path) -> None:
    with as_owner():
        authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
    content, option = Path(FILE).read_bytes(), f"--authority={authority.directory_code}"
    began = time.monotonic()
    said = take_in("practices", content, tmp_path, option)
    took = time.monotonic() - began
    print(f"{len(_lines()):,} lines in {took:.1f} s\n{said}")  # noqa: T201 - shown with pytest -s
    added = int(re.search(r"new ([0-9,]+)", said)[1].replace(",", ""))  # type: ignore[index]
    assert 5_000 < added == _practices_on_record()
    began = time.monotonic()
    assert take_in("practices", content, tmp_path, option).endswith("Nothing was changed.\n")
    print(f"again in {time.monotonic() - began:.1f} s")  # noqa: T201
    assert len(events(kind=EventKind.DIRECTORY_TAKEN_IN)) == 1
    half = b"".join(_lines()[: len(_lines()) // 2])
    with pytest.raises(CommandError, match="are not in the file"):
        take_in("practices", half, tmp_path, option)
    with pytest.raises(CommandError, match="ends before it is whole"):
        take_in("practices", content[:-2], tmp_path, option)
    closed = content.replace(b'"A","B"', b'"C","B"')
    with pytest.raises(CommandError, match="would close at once"):
        take_in("practices", closed, tmp_path, option)
    assert _practices_on_record() == added
    began = time.monotonic()
    take_in("practices", closed, tmp_path, option, f"--yes-close={added}")
    print(f"all of them closed in {time.monotonic() - began:.1f} s")  # noqa: T201
    assert _practices_on_record() == 0
