"""What a record says once its sources have spoken: of each field the word that counts (feeds/rules/precedence.py).

Pure: from what stands on the record and what suppliers say, to what shall stand there. What stands there and was never
said by any of these suppliers is a word among the others, from whoever it says it is from.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from access.models import Organisation
from feeds.attending import attending
from feeds.rows import Row, RowGuardian, RowName, Statement
from feeds.rules.precedence import Field, may_say, winner
from registry.search.normalise import name_parts
from registry.values import Address, GuardianDetails, Name, Number, Provenance
from registry.vocabulary import AddressState, Gender, NameKind, NumberKind, Source
from registry.worker.changing import Values

LONG_AGO = Provenance(Source.PERSONAL_DEMOGRAPHICS, date.min)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Word(Generic[T]):
    """One source's word for one field."""

    value: T
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Composed:
    """What the record shall say, and the fields of which its sources say different things."""

    values: Values
    differ: tuple[Field, ...]


def compose(
    stored: Values,
    statements: Sequence[Statement],
    *,
    retracted: Sequence[Statement],
    places: Mapping[str, Organisation],
) -> Composed:
    """What the record shall say.

    `retracted` is what suppliers said before: of what stands there from any of them only what they say now still
    counts. `places` are the organisations of attendances, by their directory code.
    """
    fields = _Fields(stored, statements, retracted)
    values = Values(
        date_of_birth=fields.plain(Field.DATE_OF_BIRTH, stored.date_of_birth, lambda row: row.date_of_birth)
        or stored.date_of_birth,
        gender=fields.plain(Field.GENDER, _known(stored.gender), lambda row: _known(row.gender))
        or Gender.NOT_SPECIFIED,
        date_of_death=fields.plain(Field.DATE_OF_DEATH, stored.date_of_death, lambda row: row.date_of_death),
        names=fields.names(),
        numbers=(
            *fields.numbers(NumberKind.NHS, Field.NHS_NUMBER, lambda row: row.nhs_number),
            *fields.numbers(NumberKind.UPN, Field.PUPIL_NUMBER, lambda row: row.pupil_number),
        ),
        addresses=fields.addresses(),
        guardians=fields.guardians(),
        involvements=attending(stored.involvements, statements, retracted, places),
    )
    return Composed(values, tuple(sorted(fields.differ)))


def first_values(statement: Statement, *, places: Mapping[str, Organisation]) -> Values:
    """What a record says that is made of one row."""
    row = statement.row
    nothing = Values(
        date_of_birth=row.date_of_birth,
        gender=Gender.NOT_SPECIFIED,
        date_of_death=None,
        names=(),
        numbers=(),
        addresses=(),
        guardians=(),
        involvements=(),
    )
    return compose(nothing, [statement], retracted=[], places=places).values


class _Fields:
    """What is said of each field, by whom; and in which fields they differ."""

    def __init__(self, stored: Values, statements: Sequence[Statement], retracted: Sequence[Statement]) -> None:
        self._stored = stored
        self._statements = statements
        self._retracted = retracted
        self._spoke = {each.source for each in (*statements, *retracted)}
        self.differ = set[Field]()

    def plain(self, field: Field, stored: T | None, said: Callable[[Row], T | None]) -> T | None:
        """Of a field that does not say itself whose word it is: what none of these suppliers said is as good as the
        Personal Demographics Service's of long ago. None where nobody says it now."""
        words = self._words(field, said)
        spoke = (each for each in (*self._statements, *self._retracted) if may_say(each.source, field))
        if stored is not None and stored not in {said(each.row) for each in spoke}:
            words.append(Word(stored, LONG_AGO))
        self._note(field, {str(each.value) for each in words})
        best = winner(field, words)
        return None if best is None else best.value

    def names(self) -> tuple[tuple[NameKind, Name], ...]:
        """The name that counts, those that did, and those the child is known by."""
        stored = [name for kind, name in self._stored.names if kind == NameKind.LEGAL]
        words = [Word(name, name.provenance) for name in self._standing(Field.NAME, stored)]
        words += [
            Word(_name(word.value, word.provenance), word.provenance)
            for word in self._words(Field.NAME, lambda row: row.name)
        ]
        self._note(Field.NAME, {_spelt(each.value) for each in words})
        best = winner(Field.NAME, words)
        legal = best.value if best else stored[0]
        for each in stored:
            if _spelt(each) == _spelt(legal):
                legal = replace(each, given=legal.given, family=legal.family, provenance=legal.provenance)
        found = [(NameKind.LEGAL, legal)]
        others = [
            *((NameKind.FORMER, replace(name, valid_to=legal.provenance.confirmed_on)) for name in stored),
            *((kind, name) for kind, name in self._stored.names if kind != NameKind.LEGAL),
            *self._further_names(NameKind.FORMER, Field.FORMER_NAMES, lambda row: row.former),
            *self._further_names(NameKind.KNOWN_AS, Field.NAME, lambda row: row.known_as),
        ]
        known = {_spelt(legal)}
        for kind, name in others:
            if _spelt(name) not in known:
                known.add(_spelt(name))
                found.append((kind, name))
        return tuple(found)

    def numbers(
        self, kind: NumberKind, field: Field, said: Callable[[Row], str]
    ) -> tuple[tuple[NumberKind, Number], ...]:
        """The number of that kind that counts."""
        stored = [number for each, number in self._stored.numbers if each == kind]
        words = [Word(number.value, number.provenance) for number in self._standing(field, stored)]
        words += self._words(field, lambda row: said(row) or None)
        self._note(field, {each.value for each in words})
        best = winner(field, words)
        return () if best is None else ((kind, Number(best.value, best.provenance)),)

    def addresses(self) -> tuple[Address, ...]:
        """The present home, or what is known instead; then those that were, newest first."""
        present, *earlier = self._stored.addresses or (None,)
        words = [Word(each, each.provenance) for each in self._standing(Field.ADDRESS, [present] if present else [])]
        words += [
            Word(_address(statement), statement.provenance)
            for statement in self._statements
            if may_say(statement.source, Field.ADDRESS) and statement.row.address_state
        ]
        self._note(Field.ADDRESS, {_home(each.value) for each in words})
        best = winner(Field.ADDRESS, words)
        if best is None:
            return self._stored.addresses
        if present is None:
            return (best.value,)
        if _home(best.value) == _home(present):
            return (replace(present, state=best.value.state, provenance=best.provenance), *earlier)
        if present.postal is None:
            return (best.value, *earlier)
        until = best.value.valid_from or best.provenance.confirmed_on
        return (best.value, replace(present, state=AddressState.LAST_KNOWN, valid_to=until), *earlier)

    def guardians(self) -> tuple[GuardianDetails, ...]:
        """All of those whom the source names whose word counts."""
        told = self._words(Field.GUARDIANS, lambda row: row.guardians or None)
        words = [Word(tuple(_guardian(each, word.provenance) for each in word.value), word.provenance) for word in told]
        standing = self._standing(Field.GUARDIANS, self._stored.guardians)
        words += [
            Word(tuple(each for each in standing if each.provenance == provenance), provenance)
            for provenance in {each.provenance for each in standing}
        ]
        best = winner(Field.GUARDIANS, words)
        if best is None:
            return self._stored.guardians
        self._note(Field.GUARDIANS, {" ".join(sorted(_spelt(each) for each in word.value)) for word in words})
        return best.value

    def _words(self, field: Field, said: Callable[[Row], T | None]) -> list[Word[T]]:
        words = ((said(each.row), each) for each in self._statements if may_say(each.source, field))
        return [Word(value, each.provenance) for value, each in words if value is not None]

    def _further_names(
        self, kind: NameKind, field: Field, said: Callable[[Row], tuple[RowName, ...]]
    ) -> Iterable[tuple[NameKind, Name]]:
        for word in self._words(field, said):
            yield from ((kind, _name(each, word.provenance)) for each in word.value)

    def _standing(self, field: Field, stored: Iterable[T]) -> list[T]:
        """Of what stands there, what none of these sources said, or may say."""
        said = {source for source in self._spoke if may_say(source, field)}
        return [each for each in stored if each.provenance.source not in said]  # type: ignore[attr-defined]

    def _note(self, field: Field, said: set[str]) -> None:
        if len(said) > 1:
            self.differ.add(field)


def _known(gender: Gender) -> Gender | None:
    return None if gender == Gender.NOT_SPECIFIED else gender


def _name(said: RowName, provenance: Provenance) -> Name:
    return Name(said.given, said.family, None, None, provenance)


def _address(statement: Statement) -> Address:
    state = statement.row.address_state or AddressState.NONE_KNOWN
    return Address(state, statement.row.postal, None, None, statement.provenance)


def _guardian(said: RowGuardian, provenance: Provenance) -> GuardianDetails:
    return GuardianDetails(
        given=said.given,
        family=said.family,
        relation=said.relation,
        parental_responsibility=said.parental_responsibility,
        lives_with_child=said.lives_with_child,
        telephone=said.telephone or None,
        provenance=provenance,
    )


def _spelt(name: Name | RowName | GuardianDetails) -> str:
    """A name as it is compared: no other for a capital or an apostrophe."""
    return f"{' '.join(name_parts(name.given))}|{' '.join(name_parts(name.family))}"


def _home(address: Address) -> str:
    postal = address.postal
    if postal is None:
        return ""
    return f"{' '.join(postal.lines)}|{postal.postcode}".casefold().replace(",", "")
