"""What a record says once its sources have spoken: of each field the word that counts (feeds/rules/precedence.py).

Pure: from what stands on the record and what suppliers say, to what shall stand there. What stands there and was never
said by any of these suppliers is a word among the others, from whoever it says it is from.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

from access.models import Organisation
from feeds.attending import attending
from feeds.rows import Row, RowGuardian, RowName, Statement
from feeds.rules.precedence import Field, contradicts, is_beaten_by_place, may_say, winner
from registry.search.normalise import name_parts
from registry.values import Address, Difference, GuardianDetails, Name, Number, Provenance, SaidBy, WhoSaid
from registry.vocabulary import AddressState, Gender, NameKind, NumberKind, Part, Source
from registry.worker.changing import Values

LONG_AGO = Provenance(Source.PERSONAL_DEMOGRAPHICS, date.min)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Word(Generic[T]):
    """One source's word for one field."""

    value: T
    provenance: Provenance

    @property
    def said_by(self) -> WhoSaid | None:
        """Whose it is, and of when, where that is known."""
        return None if self.provenance == LONG_AGO else WhoSaid(self.provenance.source, self.provenance.confirmed_on)

    @property
    def source(self) -> Source | None:
        return self.said_by.source if self.said_by else None


def compose(
    stored: Values,
    statements: Sequence[Statement],
    *,
    retracted: Sequence[Statement],
    places: Mapping[str, Organisation],
    also_of: Iterable[int] = (),
) -> Values:
    """What the record shall say, whose word that is, and in which parts its sources say different things.

    `retracted` is what suppliers said before: of what stands there from any of them only what they say now still
    counts. `places` are the organisations of attendances, by their directory code. `also_of` are records that lie under
    it of which some of the statements are.
    """
    fields = _Fields(stored, statements, retracted)
    born = fields.plain(Field.DATE_OF_BIRTH, stored.date_of_birth, lambda row: row.date_of_birth)
    gender = fields.plain(Field.GENDER, _known(stored.gender), lambda row: _known(row.gender))
    died = fields.plain(Field.DATE_OF_DEATH, stored.date_of_death, lambda row: row.date_of_death)
    values = Values(
        date_of_birth=born.value if born else stored.date_of_birth,
        gender=gender.value if gender else Gender.NOT_SPECIFIED,
        date_of_death=died.value if died else None,
        names=fields.names(),
        numbers=(
            *fields.numbers(NumberKind.NHS, Field.NHS_NUMBER, lambda row: row.nhs_number),
            *fields.numbers(NumberKind.UPN, Field.PUPIL_NUMBER, lambda row: row.pupil_number),
        ),
        addresses=fields.addresses(),
        guardians=fields.guardians(),
        involvements=attending(stored.involvements, statements, retracted, places),
    )
    said_by = SaidBy(
        date_of_birth=born.said_by if born else None,
        gender=gender.said_by if gender else None,
        date_of_death=died.said_by if died else None,
        differ=tuple(sorted(fields.differ)),
        also_of=tuple(sorted(also_of)),
    )
    return replace(values, said_by=said_by)


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
    return compose(nothing, [statement], retracted=[], places=places)


class _Fields:
    """What is said of each field, by whom; and in which fields they differ."""

    def __init__(self, stored: Values, statements: Sequence[Statement], retracted: Sequence[Statement]) -> None:
        self._stored = stored
        self._statements = statements
        self._retracted = retracted
        self._spoke = {each.source for each in (*statements, *retracted)}
        self.differ = list[Difference]()

    def plain(self, field: Field, stored: T | None, said: Callable[[Row], T | None]) -> Word[T] | None:
        """Of a field that does not say itself whose word it is: what none of these suppliers said is as good as the
        Personal Demographics Service's of long ago. None where nobody says it now."""
        words = self._words(field, said)
        spoke = (each for each in (*self._statements, *self._retracted) if may_say(each.source, field))
        if stored is not None and stored not in {said(each.row) for each in spoke}:
            words.append(Word(stored, LONG_AGO))
        return self._best(field, words, lambda value: {value})

    def names(self) -> tuple[tuple[NameKind, Name], ...]:
        """The name that counts, those that did, and those the child is known by."""
        stored = [name for kind, name in self._stored.names if kind == NameKind.LEGAL]
        words = [Word(name, name.provenance) for name in self._standing(Field.NAME, stored)]
        words += [
            Word(_name(word.value, word.provenance), word.provenance)
            for word in self._words(Field.NAME, lambda row: row.name)
        ]
        best = self._best(Field.NAME, words, lambda name: {spelt(name)})
        legal = best.value if best else stored[0]
        for each in stored:
            if spelt(each) == spelt(legal):
                legal = replace(each, given=legal.given, family=legal.family, provenance=legal.provenance)
        found = [(NameKind.LEGAL, legal)]
        others = [
            *((NameKind.FORMER, replace(name, valid_to=legal.provenance.confirmed_on)) for name in stored),
            *((kind, name) for kind, name in self._stored.names if kind != NameKind.LEGAL),
            *self._further_names(NameKind.FORMER, Field.FORMER_NAMES, lambda row: row.former),
            *self._further_names(NameKind.KNOWN_AS, Field.NAME, lambda row: row.known_as),
        ]
        known = {spelt(legal)}
        for kind, name in others:
            if spelt(name) not in known:
                known.add(spelt(name))
                found.append((kind, name))
        return tuple(found)

    def numbers(
        self, kind: NumberKind, field: Field, said: Callable[[Row], str]
    ) -> tuple[tuple[NumberKind, Number], ...]:
        """The number of that kind that counts."""
        stored = [number for each, number in self._stored.numbers if each == kind]
        words = [Word(number.value, number.provenance) for number in self._standing(field, stored)]
        words += self._words(field, lambda row: said(row) or None)
        best = self._best(field, words, lambda value: {value})
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
        best = self._best(Field.ADDRESS, words, lambda address: {home_of(address)})
        if best is None:
            return self._stored.addresses
        if present is None:
            return (best.value,)
        if home_of(best.value) == home_of(present):
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
        best = self._best(Field.GUARDIANS, words, lambda people: {spelt(each) for each in people})
        return self._stored.guardians if best is None else best.value

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

    def _best(self, field: Field, words: Sequence[Word[T]], told: Callable[[T], set[Any]]) -> Word[T] | None:
        """The word that counts. Noted are those that say something which that one does not, as `told` has it."""
        best = winner(field, words)
        if best is None or len(words) == 1:
            return best
        counts = told(best.value)
        beaten = [each for each in words if told(each.value) - counts and contradicts(field, each, best)]
        if beaten:
            before = [each for each in beaten if each.source is None or is_beaten_by_place(field, each, best)]
            newer_than = (each for each in beaten if each not in before)
            self.differ.append(Difference(Part(field.value), best.source, _sources(before), _sources(newer_than)))
        return best


def _sources(words: Iterable[Word[T]]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(each.source for each in words))


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


def spelt(name: Name | RowName | GuardianDetails) -> str:
    """A name as it is compared: no other for a capital or an apostrophe."""
    return f"{' '.join(name_parts(name.given))}|{' '.join(name_parts(name.family))}"


def home_of(of: Address | Row) -> str:
    postal = of.postal
    if postal is None:
        return ""
    return f"{' '.join(postal.lines)}|{postal.postcode}".casefold().replace(",", "")
