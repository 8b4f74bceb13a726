"""One value of a row: what a supplier wrote, in the registry's one way of writing it, or why the row is refused."""

import re
from datetime import date
from functools import lru_cache

from django.db.models import TextChoices

from feeds.rows import Fault, RowName
from pages import postcodes, telephones
from pages.typed import plain
from registry.forms.fields import LONGEST_NAME, MOST_WORDS, NAME_MARKS, is_lettered
from registry.rules import numbers
from registry.rules.retention import age
from registry.search import normalise
from registry.values import PostalAddress
from registry.vocabulary import AddressState

TOO_OLD = 25  # years: nobody's record lives longer, not even with consent
EARLIEST = date(1900, 1, 1)
LONGEST_WRITTEN = 1000  # characters of any value, before what nobody sees has gone
LONGEST_KEY = 64
LONGEST_LINE = 100  # of an address
LONGEST_TELEPHONE = 40
BEGINS_A_FORMULA = ("=", "+", "-", "@")
# The NHS writes these where somebody has no address, or none that is known (NHS Data Dictionary, postcode).
STANDS_FOR_NO_ADDRESS = "ZZ99"
DIRECTORY_CODE = re.compile(r"[A-Z0-9]{3,8}")
TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
HOUSE_NUMBER = re.compile(r"[0-9][A-Za-z]?$")
OF_AN_ADDRESS = frozenset({"address", "town", "postcode"})


class RowRefusedError(Exception):
    """One row is refused: why, and for which field. Does not hold what was written."""

    def __init__(self, fault: Fault, field: str) -> None:
        super().__init__()
        self.fault = fault
        self.field = field


class DateOrder(TextChoices):
    """How a supplier writes a date. The year has four digits in each: of two nobody knows the century."""

    YEAR_FIRST = "year_first", "Year first, like 2015-08-31"
    DAY_FIRST = "day_first", "Day first, like 31/08/2015"
    MONTH_IN_LETTERS = "month_in_letters", "Month in letters, like 31 Aug 2015"
    WITHOUT_MARKS = "without_marks", "Eight digits, like 20150831"


_DATES = {
    str(DateOrder.YEAR_FIRST): re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"),
    str(DateOrder.DAY_FIRST): re.compile(r"(?P<d>[0-9]{1,2})[/.-](?P<m>[0-9]{1,2})[/.-](?P<y>[0-9]{4})"),
    str(DateOrder.MONTH_IN_LETTERS): re.compile(r"(?P<d>[0-9]{1,2})[ -](?P<m>[A-Za-z]{3,9})[ -](?P<y>[0-9]{4})"),
    str(DateOrder.WITHOUT_MARKS): re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
}
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), start=1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()}


def name(written: str, field: str) -> str:
    """A name or one part of it, "" where there is none: letters, as in the registry's own forms."""
    # Longer than any name would be, even before what nobody sees has gone: it need not be remembered.
    found = _name(written) if len(written) <= 2 * LONGEST_NAME else Fault.TOO_LONG
    if isinstance(found, Fault):
        raise RowRefusedError(found, field)
    return found


def whole_name(given: str, family: str, field: str) -> RowName | None:
    """A name of two parts; None where neither is there. A single part stands as the family's."""
    parts = name(given, f"{field}given"), name(family, f"{field}family")
    if not any(parts):
        return None
    return RowName(*parts) if parts[1] else RowName("", parts[0])


def text(written: str, field: str, longest: int) -> str:
    """A line without anything unseen. It does not begin as a formula does, where somebody opens it as a table."""
    line = _plain(written, field)
    if len(line) > longest:
        raise RowRefusedError(Fault.TOO_LONG, field)
    if line.startswith(BEGINS_A_FORMULA):
        raise RowRefusedError(Fault.FORMULA, field)
    if not line.isprintable():
        raise RowRefusedError(Fault.NAME, field)
    return line


def key(written: str, field: str) -> str:
    """The supplier's own number of the child, which every row has."""
    found = text(written, field, LONGEST_KEY)
    if not found:
        raise RowRefusedError(Fault.MISSING, field)
    return found


def day(written: str, field: str, today: date, order: str = DateOrder.YEAR_FIRST) -> date | None:
    """A day up to `today`, None where none is given. Nothing is made of half a date."""
    written = written.strip()
    if not written:
        return None
    found = _DATES[order].fullmatch(written)
    if found is None:
        raise RowRefusedError(Fault.DATE, field)
    month = found["m"]
    try:
        read = date(int(found["y"]), int(month) if month.isdigit() else _MONTHS[month.lower()], int(found["d"]))
    except (ValueError, KeyError):
        raise RowRefusedError(Fault.DATE, field) from None
    if not EARLIEST <= read <= today:
        raise RowRefusedError(Fault.DATE, field)
    return read


def day_of(moment: str, field: str, today: date) -> date | None:
    """The day of a moment as XML and FHIR write it, where it was written; None where none is given."""
    written, mark, time = moment.partition("T")
    if mark and not (written and TIME.fullmatch(time)):
        raise RowRefusedError(Fault.DATE, field)
    return day(written, field, today)


def date_of_birth(written: str, field: str, today: date, order: str = DateOrder.YEAR_FIRST) -> date:
    """A date of birth, which every row has, of somebody who may be a child."""
    born = day(written, field, today, order)
    if born is None:
        raise RowRefusedError(Fault.MISSING, field)
    if age(born, today) >= TOO_OLD:
        raise RowRefusedError(Fault.TOO_OLD, field)
    return born


def in_order(first: date | None, second: date | None, field: str) -> None:
    """Refuses a second day that lies before the first."""
    if first and second and second < first:
        raise RowRefusedError(Fault.DATE, field)


def nhs_number(written: str, field: str) -> str:
    """An NHS number; "" where none is given."""
    typed = _plain(written, field)
    try:
        return numbers.nhs_number(typed) if typed else ""
    except numbers.InvalidNumberError:
        raise RowRefusedError(Fault.NUMBER, field) from None


def pupil_number(written: str, field: str) -> str:
    """A unique pupil number, also a temporary one; "" where none is given."""
    typed = _plain(written, field)
    try:
        return numbers.pupil_number(typed) if typed else ""
    except numbers.InvalidNumberError:
        raise RowRefusedError(Fault.NUMBER, field) from None


def telephone(written: str, field: str) -> str:
    """A number that can be rung; "" where none is given."""
    typed = _plain(written, field)
    found = _telephone(typed) if len(typed) <= LONGEST_TELEPHONE else ""
    if typed and not found:
        raise RowRefusedError(Fault.NUMBER, field)
    return found


def directory_code(written: str, field: str) -> str:
    """The code of a school or a practice; "" where none is given."""
    found = _plain(written, field).upper()
    if found and not DIRECTORY_CODE.fullmatch(found):
        raise RowRefusedError(Fault.CODE, field)
    return found


def address(lines: list[str], town: str, postcode: str) -> tuple[AddressState | None, PostalAddress | None]:
    """What is known of where a child lives, as the supplier knows it now: nothing, that there is none, or an address.

    The postcode is a whole one or is left out.
    """
    kept = tuple(filter(None, (text(line, "address", LONGEST_LINE) for line in lines)))
    place = text(town, "town", LONGEST_LINE)
    typed = _plain(postcode, "postcode")
    code = postcodes.normalise(typed)
    if code.startswith(STANDS_FOR_NO_ADDRESS):
        return AddressState.NONE_KNOWN, None
    if typed and not (code and postcodes.is_full(code)):
        raise RowRefusedError(Fault.CODE, "postcode")
    if not (kept or place or code):
        return None, None
    return AddressState.CURRENT, PostalAddress(kept, place, code)


def house_and_street(house: str, street: str) -> str:
    """House and street in one line: "33 Oak Road", but "Rose Cottage, Mill Lane"."""
    if house and street:
        return f"{house} {street}" if HOUSE_NUMBER.search(house) else f"{house}, {street}"
    return house or street


def _plain(written: str, field: str) -> str:
    """The text in one way of writing; what is much too long is not even looked at, since some letters become many."""
    if len(written) > LONGEST_WRITTEN:
        raise RowRefusedError(Fault.TOO_LONG, field)
    return plain(written)


@lru_cache(maxsize=65536)
def _name(written: str) -> str | Fault:
    found = plain(written)
    if found.startswith(BEGINS_A_FORMULA):
        return Fault.FORMULA
    if len(found) > LONGEST_NAME or sum(each in NAME_MARKS for each in found) >= MOST_WORDS:
        return Fault.TOO_LONG
    return found if not found or (is_lettered(found) and normalise.whole_name(found)) else Fault.NAME


@lru_cache(maxsize=4096)
def _telephone(typed: str) -> str:
    """The number as the registry keeps it, "" where it is none."""
    try:
        return telephones.normalise(typed)
    except telephones.InvalidTelephoneError:
        return ""
