"""A row of a supplier beside the record that it may be about, field by field, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats

from feeds.actions.matches import Compared
from feeds.matching import weights
from feeds.matching.comparing import Comparing, Held, Levels
from feeds.rows import Row, RowName
from registry.rules import numbers
from registry.search.score import WORDS
from registry.shown import ShownChild
from registry.values import Address, PostalAddress, Provenance, SummaryName
from registry.vocabulary import NameKind, NumberKind

HIDDEN = "Hidden, because the child’s details are protected"
# How the levels of matching (feeds/matching/comparing.py) are said, where the search has no words for them.
OWN_WORDS: dict[str, dict[str, str]] = {
    "family": {"parent": "family name is that of a parent", "other": "another family name"},
    "given": {
        "another": "given name alike, but a name of its own, as twins have",
        "short": "given name is a short form that is a name of its own",
        "part": "one given name the same, the others not",
        "common": "only a given name the same that brothers may all have, such as Mohammed",
        "other": "another given name",
    },
    "named": WORDS["kind"],
    "born": {"other": "another date of birth"},
    "gender": {"same": "same gender", "other": "another gender"},
    "home": {
        "home": "same house, street and postcode",
        "postcode": "same postcode, another house or street",
        "house": "same house and street, nearly the same postcode",
        "slip": WORDS["postcode"]["slip"],
        "district": WORDS["postcode"]["district"],
        "other": "another address",
    },
    "nhs": {"same": "same number", "other": "another number"},
    "upn": {"same": "same number", "other": "another number"},
    "key": {"same": "the supplier’s own number led to this child before"},
    "guardian": {
        "same": "a parent or carer has the same name",
        "family": "a parent or carer has the same family name",
        "other": "other parents or carers",
    },
}
STRONG, WEAK = 1.0, -1.0


@dataclass(frozen=True, slots=True)
class Told:
    """What one of the two says, and from whom and when it is, where that is known."""

    words: str
    source: str = ""
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what the supplier says, what the record says, and how well that agrees. `bits` may be unknown."""

    what: str
    said: tuple[Told, ...]
    held: tuple[Told, ...]
    fits: tuple[str, ...] = ()
    bits: float | None = None

    @property
    def speaks(self) -> str:
        """Whether it speaks for it that they are one child."""
        if self.bits is None:
            return ""
        return "for" if self.bits >= STRONG else "against" if self.bits <= WEAK else "little"


def lines_of(read: Compared) -> list[Line]:
    """Every field of which the row or the record says something. Nothing where the record is not shown."""
    row, child = read.doubt.said, read.child
    if row is None or child is None:
        return []
    hidden = child.is_hidden or row.restricted
    levels = _levels_of_who_they_are(row, child) if hidden else read.doubt.levels
    sides = _Sides(row, child, dict(levels), read.places, hidden=hidden)
    return [each for each in sides.lines() if each.said or each.held]


def odds_words(bits: float) -> str:
    """The odds that they are one child, as bits say them."""
    times = 2 ** abs(bits)
    if times < 1.5:  # noqa: PLR2004 - as likely as not
        return "As likely the same child as another"
    about = "More than a million" if times > 1_000_000 else f"About {_rounded(times):,}"  # noqa: PLR2004
    return f"{about} to 1 that it is {'the same' if bits > 0 else 'another'} child"


def _levels_of_who_they_are(row: Row, child: ShownChild) -> Levels:
    """How well a row fits what everybody may see of a shielded child. Nobody is told how well the rest does."""
    names = [each.details.open() for each in child.names if each.kind == NameKind.LEGAL]
    held = Held(
        child_id=child.child.pk,
        names=tuple(SummaryName(NameKind.LEGAL, each.given, each.family) for each in names),
        date_of_birth=child.child.date_of_birth.open(),
        gender=child.child.gender.open(),
    )
    said = Row(line=row.line, key=row.key, name=row.name, date_of_birth=row.date_of_birth, gender=row.gender)
    return Comparing(said).with_(held).levels


class _Sides:
    """The row and the record, opened as far as this page shows them.

    `hidden`: nothing but who the child is. A shield hides the rest, or the supplier keeps it back.
    """

    def __init__(
        self, row: Row, child: ShownChild, levels: Mapping[str, str], places: Mapping[str, str], *, hidden: bool
    ) -> None:
        self._row = row
        self._child = child
        self._levels = levels
        self._places = places
        self._hidden = hidden

    def lines(self) -> Iterable[Line]:
        row, child = self._row, self._child.child
        names = [(each.kind, each.details.open()) for each in self._child.names]
        legal = [_told(f"{name.given} {name.family}", name.provenance) for kind, name in names if kind == "legal"]
        yield self._line("Name", [_name(row.name)], legal, "family", "given", "named", "order")
        yield Line("Other names", self._other_names(), () if self._hidden else _other_held(names))
        yield self._line("Date of birth", [_day(row.date_of_birth)], [Told(_day(child.date_of_birth.open()))], "born")
        yield self._line("Gender", [row.gender.label], [Told(child.gender.open().label)], "gender")
        yield self._whereabouts("Address", _address_said(row), self._addresses(), "home")
        for kind, number in ((NumberKind.NHS, row.nhs_number), (NumberKind.UPN, row.pupil_number)):
            yield self._whereabouts(
                kind.label, [_number(kind, number)] if number else [], self._numbers(kind), str(kind)
            )
        yield self._whereabouts("Parents and carers", _guardians_said(row), self._guardians(), "guardian")
        places = [self._places.get(each.directory_code, each.directory_code) for each in row.attendances]
        yield self._whereabouts("School or practice", places, [Told("Not shown here")] if places else [])
        died = child.date_of_death.open() if not self._hidden else None
        yield self._whereabouts(
            "Date of death", [_day(row.date_of_death)] if row.date_of_death else [], _plain([_day(died)])
        )
        if self._levels.get("key") == "same":
            yield self._line("The supplier’s own number", ["Known"], [], "key")

    def _line(self, what: str, said: Iterable[str], held: Iterable[Told], *fields: str) -> Line:
        levels = [(field, self._levels[field]) for field in fields if field in self._levels]
        words = tuple(said_as for field, level in levels if (said_as := words_of(field, level)))
        return Line(what, _plain(said), tuple(held), words, _bits(levels))

    def _whereabouts(self, what: str, said: Sequence[str], held: Sequence[Told], *fields: str) -> Line:
        """What is hidden of both or of neither: the word of the one would tell what that of the other does not."""
        if not self._hidden:
            return self._line(what, said, held, *fields)
        return Line(what, (Told(HIDDEN),), (Told(HIDDEN),)) if said else Line(what, (), ())

    def _other_names(self) -> tuple[Told, ...]:
        """Of a protected child neither side has any: a former name may lead to who looks for them."""
        if self._hidden:
            return ()
        known = [f"{_name(each)} ({NameKind.KNOWN_AS.label.lower()})" for each in self._row.known_as]
        return _plain([*known, *(f"{_name(each)} ({NameKind.FORMER.label.lower()})" for each in self._row.former)])

    def _addresses(self) -> list[Told]:
        return [_told(_address(each.details.open()), each.details.open().provenance) for each in self._child.addresses]

    def _numbers(self, kind: NumberKind) -> list[Told]:
        found = [each.details.open() for each in self._child.numbers if each.kind == kind]
        return [_told(_number(kind, each.value), each.provenance) for each in found]

    def _guardians(self) -> list[Told]:
        found = [each.details.open() for each in self._child.guardians]
        return [_told(f"{each.given} {each.family}, {each.relation.label.lower()}", each.provenance) for each in found]


def words_of(field: str, level: str) -> str:
    """How well a field agrees, in words."""
    return OWN_WORDS.get(field, {}).get(level) or WORDS.get(field, {}).get(level, "")


def _bits(levels: Iterable[tuple[str, str]]) -> float | None:
    known = weights.current().fields
    found = [known[field][level] for field, level in levels if level in known.get(field, {})]
    return sum(found) if found else None


def _rounded(times: float) -> int:
    """To one or two digits: the rest says nothing."""
    digits = len(str(int(times)))
    return round(times) if digits < 3 else round(times, 2 - digits).__trunc__()  # noqa: PLR2004


def _plain(words: Iterable[str]) -> tuple[Told, ...]:
    return tuple(Told(each) for each in words if each)


def _told(words: str, provenance: Provenance) -> Told:
    return Told(words, provenance.source.label, provenance.confirmed_on)


def _number(kind: NumberKind, number: str) -> str:
    return numbers.shown_nhs(number) if kind == NumberKind.NHS else number


def _name(name: RowName) -> str:
    return f"{name.given} {name.family}".strip()


def _other_held(names: Iterable[tuple[str, object]]) -> tuple[Told, ...]:
    return tuple(
        _told(f"{name.given} {name.family} ({NameKind(kind).label.lower()})", name.provenance)  # type: ignore[attr-defined]
        for kind, name in names
        if kind != NameKind.LEGAL
    )


def _day(day: date | None) -> str:
    return formats.date_format(day, "j F Y") if day else ""


def _address_said(row: Row) -> list[str]:
    if row.postal is not None:
        return [_postal(row.postal)]
    return [row.address_state.label] if row.address_state else []


def _address(address: Address) -> str:
    where = _postal(address.postal) if address.postal else ""
    return f"{where} ({address.state.label.lower()})" if where else address.state.label


def _postal(postal: PostalAddress) -> str:
    return ", ".join(each for each in (*postal.lines, postal.town, postal.postcode) if each)


def _guardians_said(row: Row) -> list[str]:
    return [f"{each.given} {each.family}, {each.relation.label.lower()}" for each in row.guardians]
