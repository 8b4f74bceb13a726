"""The list of postcodes: taken in from a directory, and a slip looked for only where there is one."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from encryption.tokens import Tokeniser
from pages import postcodes_in_use
from registry.search import queries
from registry.search.corroborating import Corroborating, Wanted
from registry.search.criteria import Criteria

codes = st.from_regex(r"[A-Z]{1,2}[1-9][0-9A-Z]? [0-9][A-Z]{2}", fullmatch=True)
DIRECTORY = "pcd,pcds,doterm,oa21\nM3 34AB,M33 4AB,,E1\nM334AC,m334ac,,E2\nM33 4AD,M33 4AD,200106,E3\nx,,,\n"


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.POSTCODES_FILE = tmp_path / "postcodes"
    postcodes_in_use._known.cache_clear()
    yield settings.POSTCODES_FILE
    postcodes_in_use._known.cache_clear()


def take_in(file: Path, text: str) -> str:
    said = io.StringIO()
    source = file.with_name("directory.csv")
    source.write_text(text, encoding="utf-8-sig")
    call_command("take_in_postcodes", str(source), stdout=said)
    return said.getvalue()


@given(st.sets(codes, min_size=1, max_size=50), st.lists(codes, max_size=20))
def test_what_was_kept_is_there_and_nothing_else(kept: set[str], others: list[str]) -> None:
    known = postcodes_in_use.Postcodes.__new__(postcodes_in_use.Postcodes)
    known._fields = b"".join(sorted(code.ljust(postcodes_in_use.WIDTH).encode() for code in kept))
    assert [code for code in [*kept, *others] if known.has(code)] == [code for code in [*kept, *others] if code in kept]
    assert len(known) == len(kept)


def test_without_a_list_each_is_taken_to_be(file: Path) -> None:
    assert postcodes_in_use.in_use(["ZZ9 9ZZ"]) == ["ZZ9 9ZZ"]


def test_a_directory_is_taken_in(file: Path) -> None:
    assert take_in(file, DIRECTORY).startswith("2 postcodes")
    assert postcodes_in_use.in_use(["M33 4AB", "M33 4AC", "M33 4AD", "M33 4AE"]) == ["M33 4AB", "M33 4AC"]


@pytest.mark.parametrize("text", ["", "name\nM33 4AB\n", "pcds\nnone\n"])
def test_a_file_without_postcodes_changes_nothing(file: Path, text: str) -> None:
    take_in(file, DIRECTORY)
    before = file.read_bytes()
    with pytest.raises(CommandError, match="Nothing was changed"):
        take_in(file, text)
    assert file.read_bytes() == before


def test_a_damaged_list_is_told(file: Path) -> None:
    file.write_bytes(b"M33 4AB")
    with pytest.raises(ValueError, match="take_in_postcodes"):
        postcodes_in_use.in_use(["M33 4AB"])


def test_a_slip_is_asked_for_where_there_is_one(file: Path) -> None:
    take_in(file, DIRECTORY)
    asked = Criteria(today=date(2026, 11, 22), family="Okafor", postcode="M33 4AX")
    tokeniser = Tokeniser(epoch=1, bits=31)
    with_list = queries.wide(asked, tokeniser)
    file.unlink()
    postcodes_in_use._known.cache_clear()
    without = queries.wide(asked, tokeniser)
    assert with_list < without
    assert len(without) - len(with_list) > 80


def test_a_name_and_a_slip_lead_to_whoever_lives_at_a_postcode_that_there_is(file: Path) -> None:
    asked = Criteria(today=date(2026, 11, 22), family="Okafor", postcode="M33 4AX")
    tokeniser = Tokeniser(epoch=1, bits=31)

    def wanted() -> Wanted:
        asking = Corroborating(asked, tokeniser)
        asking.wanted(queries.plain)
        return asking.wanted(queries.wide)

    assert len(wanted().alone) > 80, "all that there may be are too many to stand beside"
    take_in(file, DIRECTORY)
    postcodes_in_use._known.cache_clear()
    assert len(wanted().alone) == 1, "another sound of the name at the postcode itself"
    assert 0 < len(wanted().corroborated) < 10
    assert tokeniser.token("postcode-year", "M33 4AB", "2017") in wanted().beside
