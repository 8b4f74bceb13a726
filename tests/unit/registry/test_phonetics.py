"""How names sound in the traditions that live in England, and what one typing error leaves of a word."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from registry.search import nicknames, phonetics
from tests.unit.registry.slips import slips

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=24)

# Pairs that are one name. By rule where the two share a reading; by table where no rule of sound joins them.
BY_RULE = {
    "english": [("catherine", "katherine"), ("phillips", "filips"), ("knight", "night"), ("wright", "right"),
                ("macdonald", "mcdonald"), ("thompson", "tompson"), ("matthew", "mathew"), ("clarke", "clark")],
    "irish": [("brian", "bryan"), ("reilly", "riley"), ("connolly", "conoly")],
    "welsh": [("llewellyn", "lewelyn"), ("rhys", "rys"), ("ffion", "fion"), ("lloyd", "loyd"), ("glyn", "glynn")],
    "south_asian": [("choudhury", "chaudhry"), ("chowdhury", "choudhary"), ("siddhartha", "sidharta"),
                    ("bhatti", "batti"), ("prithvi", "pritvi"), ("gurdeep", "gurdip"), ("sunita", "suneeta"),
                    ("dhillon", "dillon"), ("vasim", "wasim"), ("karthik", "kartik")],
    "arabic": [("mohammed", "muhammad"), ("mohamed", "muhamad"), ("yusuf", "yousef"), ("hussain", "hussein"),
               ("khalid", "kalid"), ("qasim", "kasim"), ("fatima", "fatimah"), ("ayesha", "aisha"),
               ("noor", "nour"), ("khadija", "hadija"), ("osman", "usman"), ("zainab", "zaynab")],
    "polish": [("kowalski", "kowalska"), ("kowalski", "kovalski"), ("szymanski", "shimanski"),
               ("czarny", "charny"), ("jakub", "yakub"), ("lewandowski", "levandovski")],
    "west_african": [("adeyemi", "adeyemy"), ("okonkwo", "okonquo"), ("mensah", "mensa"), ("kouassi", "kwassi")],
    "chinese": [("xu", "hsu"), ("xiao", "hsiao"), ("xu", "shu"), ("qing", "king"), ("tsui", "sui")],
    "turkish": [("ayse", "ayshe"), ("yilmaz", "yilmas")],
}  # fmt: skip
BY_TABLE = [
    ("siobhan", "shivaun"), ("niamh", "neve"), ("caoimhe", "keeva"), ("sian", "sharn"),
    ("featherstonehaugh", "fanshaw"),
    ("zhang", "chang"), ("wang", "wong"), ("huang", "ng"), ("chen", "tan"), ("banerjee", "bandyopadhyay"),
    ("mohammed", "mehmet"), ("yusuf", "joseph"), ("ibrahim", "abraham"), ("diallo", "jallow"),
]  # fmt: skip
SHORT = [
    ("william", "bill"), ("elizabeth", "betty"), ("margaret", "peggy"), ("alexander", "sasha"), ("muhammad", "mo"),
    ("katarzyna", "kasia"), ("wojciech", "wojtek"), ("jakub", "kuba"), ("oluwaseun", "seun"), ("francisco", "paco"),
    ("kulwinder", "kul"), ("abdirahman", "abdi"), ("charlotte", "lottie"), ("zofia", "zosia"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [pytest.param(*pair, id=f"{origin}-{pair[0]}") for origin, all_ in BY_RULE.items() for pair in all_],
)
def test_spellings_of_one_name_share_a_reading(one: str, other: str) -> None:
    assert phonetics.sound(other) in phonetics.readings(one) or phonetics.sound(one) in phonetics.readings(other)


@pytest.mark.parametrize(("one", "other"), BY_TABLE)
def test_spellings_too_far_apart_for_the_ear_are_in_the_table(one: str, other: str) -> None:
    assert other in nicknames.others(one)
    assert one in nicknames.others(other)


@pytest.mark.parametrize(("full", "short"), SHORT)
def test_short_forms_lead_to_the_name_and_back(full: str, short: str) -> None:
    assert short in nicknames.forenames_of(full)
    assert full in nicknames.forenames_of(short)


def test_short_forms_are_no_family_names() -> None:
    assert "bill" not in nicknames.others("william")
    assert nicknames.others("nobodysname") == nicknames.forenames_of("nobodysname") == ()


def test_names_known_otherwise_are_bounded_plain_words() -> None:
    for table in (nicknames._table(), nicknames._forenames()):
        for word, group in table.items():
            assert len(group) <= nicknames.MOST_OTHERS
            assert word not in group
            assert all(each.isascii() and each.isalpha() and each.islower() for each in (word, *group))


@pytest.mark.parametrize(
    ("one", "other"), [("smith", "kowalski"), ("amina", "oliver"), ("khan", "patel"), ("li", "wu")]
)
def test_names_that_are_not_one_share_no_reading(one: str, other: str) -> None:
    assert set(phonetics.readings(one)).isdisjoint(phonetics.readings(other))


@given(WORDS)
@settings(deadline=None)
def test_sound_and_readings_of_anything_are_bounded(word: str) -> None:
    readings = phonetics.readings(word)
    assert readings[0] == phonetics.sound(word) != ""
    assert 1 <= len(readings) <= phonetics.MOST_READINGS
    assert len(phonetics.initial(word)) == 1


def test_of_no_word_there_is_no_sound_and_no_initial() -> None:
    assert phonetics.sound("") == phonetics.initial("") == ""


@given(slips(st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=20)))
@settings(deadline=None)
def test_one_typing_error_leaves_a_half(slip: tuple[str, str]) -> None:
    right, wrong = slip
    assume(wrong)
    assert set(phonetics.halves(right)) & set(phonetics.halves_asked(wrong))
