"""Whose word counts where sources differ, what follows when one is retracted, and what is never lost."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from access.models import Organisation, OrganisationKind
from feeds.composing import compose, first_values
from feeds.rows import Row, RowAttendance, RowGuardian, RowName, Statement
from feeds.rules.precedence import PRECEDENCE, Field, may_say
from registry.values import Address, Difference, Number, PostalAddress, Provenance, WhoSaid
from registry.vocabulary import AddressState, Gender, NameKind, NumberKind, Part, Relation, Service, Source
from registry.worker.changing import Values

CENSUS, PDS, BIRTHS = Source.SCHOOL_CENSUS, Source.PERSONAL_DEMOGRAPHICS, Source.BIRTH_REGISTRATION
LOCAL = Source.LOCAL_AUTHORITY
DAY = date(2026, 9, 1)
SCHOOL = Organisation(
    pk=7, name="Oak School", kind=OrganisationKind.SCHOOL, directory_code="100001", telephone="0161 496 0000"
)
OTHER_SCHOOL = Organisation(
    pk=8, name="Elm School", kind=OrganisationKind.SCHOOL, directory_code="100002", telephone="0161 496 0001"
)
PLACES = {each.directory_code: each for each in (SCHOOL, OTHER_SCHOOL)}
OAK = PostalAddress(("12 Oak Road",), "Sale", "M33 4AB")
ELM = PostalAddress(("3 Elm Close",), "Oldham", "OL1 2CD")
SOURCES = [each for each in Source if each != Source.PRACTITIONER]


def row(**said: object) -> Row:
    made = Row(
        line=1,
        key="1",
        name=RowName("Amina", "Hussain"),
        date_of_birth=date(2017, 4, 9),
        gender=Gender.FEMALE,
        address_state=AddressState.CURRENT,
        postal=OAK,
    )
    return replace(made, **said)  # type: ignore[arg-type]


def said(source: Source, on: date = DAY, **values: object) -> Statement:
    return Statement(source, row(**values), on)


def composed(stored: Values, *statements: Statement, retracted: tuple[Statement, ...] = ()) -> Values:
    return compose(stored, statements, retracted=retracted, places=PLACES)


def made(statement: Statement) -> Values:
    return first_values(statement, places=PLACES)


def differing(values: Values) -> set[Part]:
    return {each.part for each in values.said_by.differ}


def legal_name(values: Values) -> str:
    (name,) = (name for kind, name in values.names if kind == NameKind.LEGAL)
    return f"{name.given} {name.family}"


def home(address: Address) -> str:
    return address.postal.postcode if address.postal else ""


def test_a_record_of_one_row_says_what_the_row_says() -> None:
    values = made(
        said(
            CENSUS,
            pupil_number="H801200001001",
            guardians=(RowGuardian("Farah", "Hussain", Relation.MOTHER, True, True, "0161 496 0100"),),
            attendances=(RowAttendance(Service.SCHOOL, "100001", date(2021, 9, 1)),),
        )
    )
    assert legal_name(values) == "Amina Hussain"
    assert [(kind, number.value) for kind, number in values.numbers] == [(NumberKind.UPN, "H801200001001")]
    assert [home(each) for each in values.addresses] == ["M33 4AB"]
    assert [each.given for each in values.guardians] == ["Farah"]
    ((lead, school),) = values.involvements
    assert (lead, school.organisation_id, school.started_on, school.ended_on) == (False, 7, date(2021, 9, 1), None)
    assert school.provenance.source == CENSUS


def test_who_may_not_say_something_is_not_heard() -> None:
    values = made(said(CENSUS, nhs_number="9434765919", date_of_death=date(2025, 1, 1)))
    assert values.numbers == ()
    assert values.date_of_death is None


def test_a_better_source_counts_whichever_spoke_last() -> None:
    census, health = said(CENSUS, DAY, name=RowName("Amena", "Husain")), said(PDS, DAY - timedelta(days=200))
    for stored in (made(census), made(health)):
        values = composed(stored, census, health)
        assert legal_name(values) == "Amina Hussain"
        assert differing(values) == {Part.NAME}


def test_a_name_that_does_not_count_any_more_is_kept_as_a_former_one() -> None:
    before = said(PDS, DAY, name=RowName("Amina", "Malik"))
    after = composed(made(before), said(PDS, DAY + timedelta(days=9)), retracted=(before,))
    assert [(kind, name.family) for kind, name in after.names] == [
        (NameKind.LEGAL, "Hussain"),
        (NameKind.FORMER, "Malik"),
    ]


def test_who_knew_the_home_a_year_later_knows_better() -> None:
    health = said(PDS, DAY)
    lately = said(CENSUS, DAY + timedelta(days=100), postal=ELM)
    assert home(composed(made(health), health, lately).addresses[0]) == "M33 4AB"
    years_later = said(CENSUS, DAY + timedelta(days=366), postal=ELM)
    present, earlier = composed(made(health), health, years_later).addresses
    assert (home(present), home(earlier), earlier.state) == ("OL1 2CD", "M33 4AB", AddressState.LAST_KNOWN)
    assert earlier.valid_to is not None


def test_a_birth_date_is_put_right_by_who_registers_births_and_not_by_a_census() -> None:
    stored = made(said(PDS))
    assert composed(stored, said(CENSUS, date_of_birth=date(2017, 9, 4))).date_of_birth == date(2017, 4, 9)
    assert composed(stored, said(BIRTHS, date_of_birth=date(2017, 9, 4))).date_of_birth == date(2017, 9, 4)


def test_a_date_of_death_that_its_source_takes_back_is_gone() -> None:
    died, lives = said(PDS, date_of_death=date(2026, 5, 1)), said(PDS, DAY + timedelta(days=9))
    stored = composed(made(said(CENSUS)), said(CENSUS), died)
    assert stored.date_of_death == date(2026, 5, 1)
    assert composed(stored, said(CENSUS), lives, retracted=(died,)).date_of_death is None


def test_what_none_of_them_said_stays() -> None:
    """Also where one of them, who may not say it, wrote the same."""
    stored = replace(made(said(LOCAL)), date_of_death=date(2026, 5, 1), gender=Gender.MALE)
    hearsay = said(CENSUS, date_of_death=date(2026, 5, 1), gender=Gender.NOT_SPECIFIED)
    for retracted in ((), (hearsay,)):
        values = composed(stored, hearsay, retracted=retracted)
        assert (values.date_of_death, values.gender) == (date(2026, 5, 1), Gender.MALE)


def test_a_number_of_a_source_that_says_none_of_its_kind_stays() -> None:
    number = (NumberKind.NHS, Number("9434765919", Provenance(LOCAL, DAY)))
    stored = replace(made(said(BIRTHS)), numbers=(number,))
    assert composed(stored, said(LOCAL), retracted=(said(LOCAL),)).numbers == (number,)


def test_not_specified_overrides_no_gender() -> None:
    census, silent = said(CENSUS, gender=Gender.FEMALE), said(PDS, gender=Gender.NOT_SPECIFIED)
    assert composed(made(census), census, silent).gender == Gender.FEMALE
    own = replace(silent, source=CENSUS)
    assert composed(made(census), own, retracted=(census,)).gender == Gender.NOT_SPECIFIED


def test_what_a_source_says_no_more_counts_no_more() -> None:
    census, before = said(CENSUS, postal=OAK), said(PDS, postal=ELM)
    stored = composed(made(before), census, before)
    assert home(stored.addresses[0]) == "OL1 2CD"
    after = composed(stored, census, said(PDS, address_state=None, postal=None), retracted=(before,))
    assert home(after.addresses[0]) == "M33 4AB"


def test_a_child_who_is_at_the_school_no_more_has_left_it() -> None:
    at_oak = said(CENSUS, attendances=(RowAttendance(Service.SCHOOL, "100001", date(2021, 9, 1)),))
    at_elm = said(CENSUS, DAY + timedelta(days=1), attendances=(RowAttendance(Service.SCHOOL, "100002"),))
    involvements = composed(made(at_oak), at_elm, retracted=(at_oak,)).involvements
    assert [(each.organisation_id, each.ended_on) for _lead, each in involvements] == [
        (7, DAY + timedelta(days=1)),
        (8, None),
    ]


def test_an_unknown_school_takes_nothing_away() -> None:
    values = made(said(CENSUS, attendances=(RowAttendance(Service.SCHOOL, "999999"),)))
    assert values.involvements == ()


def test_a_capital_or_an_apostrophe_is_no_other_name() -> None:
    one, other = said(PDS, name=RowName("Maeve", "O'Brien")), said(CENSUS, name=RowName("MAEVE", "OBRIEN"))
    assert not differing(composed(made(one), one, other))


def test_it_is_known_whose_word_stands_of_what_does_not_say_so_itself() -> None:
    values = composed(made(said(CENSUS)), said(CENSUS), said(PDS, DAY + timedelta(days=3), date_of_death=DAY))
    assert values.said_by.gender == WhoSaid(PDS, DAY + timedelta(days=3))
    assert values.said_by.date_of_death == WhoSaid(PDS, DAY + timedelta(days=3))
    births = composed(values, said(CENSUS), said(BIRTHS, DAY - timedelta(days=9), gender=Gender.NOT_SPECIFIED))
    assert births.said_by.date_of_birth == WhoSaid(BIRTHS, DAY - timedelta(days=9))
    assert births.said_by.gender == WhoSaid(CENSUS, DAY)


def test_what_stood_there_before_anybody_spoke_is_nobodys_known_word() -> None:
    stored = replace(made(said(CENSUS)), date_of_birth=date(2016, 1, 1))
    values = composed(stored, said(CENSUS))
    assert (values.date_of_birth, values.said_by.date_of_birth) == (date(2016, 1, 1), None)
    assert values.said_by.differ == (Difference(Part.DATE_OF_BIRTH, None, (CENSUS,), ()),)
    put_right = composed(stored, said(BIRTHS))
    assert put_right.said_by.differ == (Difference(Part.DATE_OF_BIRTH, BIRTHS, (None,), ()),)


def test_who_is_left_behind_is_told_with_why() -> None:
    health, census = said(PDS), said(CENSUS, gender=Gender.MALE, name=RowName("Mina", "Malik"))
    benefit = said(Source.CHILD_BENEFIT, name=RowName("Amina", "Malik"))
    differ = composed(made(health), health, census, benefit).said_by.differ
    assert set(differ) == {
        Difference(Part.GENDER, PDS, (CENSUS,), ()),
        Difference(Part.NAME, PDS, (CENSUS, Source.CHILD_BENEFIT), ()),
    }


def test_where_the_newer_word_counts_that_is_why() -> None:
    health, census = said(PDS), said(CENSUS, DAY + timedelta(days=400), postal=ELM)
    local = said(Source.LOCAL_AUTHORITY, DAY + timedelta(days=390))
    (differs,) = composed(made(health), health, census, local).said_by.differ
    assert differs == Difference(Part.ADDRESS, CENSUS, (Source.LOCAL_AUTHORITY,), (PDS,))
    one, other = said(CENSUS, DAY - timedelta(days=1), postal=ELM), said(CENSUS)
    (differs,) = composed(made(one), one, other).said_by.differ
    assert differs == Difference(Part.ADDRESS, CENSUS, (), (CENSUS,))


def test_where_a_child_was_born_to_is_no_word_about_a_later_home() -> None:
    births, health = said(BIRTHS, postal=ELM), said(PDS, DAY + timedelta(days=365))
    assert not differing(composed(made(births), births, health))
    assert differing(composed(made(births), births, replace(health, on=DAY + timedelta(days=364)))) == {Part.ADDRESS}
    older = said(CENSUS, postal=ELM)
    assert differing(composed(made(older), older, health)) == {Part.ADDRESS}


def test_who_names_fewer_parents_says_nothing_else() -> None:
    farah = RowGuardian("Farah", "Hussain", Relation.MOTHER, True, True, "")
    yusuf = replace(farah, given="Yusuf", relation=Relation.FATHER)
    both, one = said(CENSUS, guardians=(yusuf, farah)), said(Source.CHILD_BENEFIT, guardians=(farah,))
    assert differing(composed(made(both), both, one)) == {Part.GUARDIANS}
    local = replace(one, source=Source.LOCAL_AUTHORITY)
    assert not differing(composed(made(both), both, local))


def test_they_agree_again() -> None:
    health, before, after = said(PDS), said(CENSUS, gender=Gender.MALE), said(CENSUS)
    stored = composed(made(health), health, before)
    assert differing(stored) == {Part.GENDER}
    assert not differing(composed(stored, health, after, retracted=(before,)))


statements = st.builds(
    said,
    st.sampled_from(SOURCES),
    st.dates(date(2025, 1, 1), date(2026, 11, 1)),
    name=st.builds(RowName, st.sampled_from(["Amina", "Mina"]), st.sampled_from(["Hussain", "Malik"])),
    date_of_birth=st.sampled_from([date(2017, 4, 9), date(2017, 9, 4)]),
    postal=st.sampled_from([OAK, ELM]),
    nhs_number=st.sampled_from(["", "9434765919"]),
)


@given(first=statements, others=st.lists(statements, max_size=4, unique_by=lambda each: each.source))
def test_nothing_is_invented_and_nothing_said_is_lost(first: Statement, others: list[Statement]) -> None:
    """Each value of the record is somebody's word, and every name that anybody may say is on it."""
    everybody = [first, *(each for each in others if each.source != first.source)]
    values = composed(made(first), *everybody)
    assert values.date_of_birth in {each.row.date_of_birth for each in everybody}
    assert home(values.addresses[0]) in {each.row.postal.postcode for each in everybody if each.row.postal}
    best = min(everybody, key=lambda each: PRECEDENCE[Field.NAME].index(each.source))
    assert legal_name(values) == f"{best.row.name.given} {best.row.name.family}"
    first_name = first.row.name
    assert (first_name.given, first_name.family) in {(name.given, name.family) for _kind, name in values.names}
    named = {(each.row.name.given, each.row.name.family) for each in everybody}
    assert (Part.NAME in differing(values)) == (len(named) > 1)
    assert (Part.DATE_OF_BIRTH in differing(values)) == (len({each.row.date_of_birth for each in everybody}) > 1)
    numbers = {each.row.nhs_number for each in everybody if may_say(each.source, Field.NHS_NUMBER)} - {""}
    assert {number.value for _kind, number in values.numbers} == numbers


@given(first=statements, second=statements)
def test_to_say_it_again_changes_nothing(first: Statement, second: Statement) -> None:
    if first.source == second.source:
        second = replace(second, source=PDS if first.source != PDS else CENSUS)
    once = composed(made(first), first, second)
    assert composed(once, first, second) == once
