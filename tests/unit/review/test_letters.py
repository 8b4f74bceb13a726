"""A letter says its own facts and nothing else, whoever else is written to; and is an accessible document."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from review.letters.facts import LetterFacts, digest_of
from review.letters.making import LetterError, make_letter
from review.letters.words import What, organisation_in_words
from tests.pdf import tags_in, text_in
from tests.unit.review.letters import LETTERS, entry, facts, marks_of

# A letter says plainly enough what is wrong with it, and to set thousands takes minutes.
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)


def squeezed(text: str) -> str:
    """Without spaces, which lines break at; letters of kinds are small in a sentence."""
    return re.sub(r"\s", "", text).upper()


# ---------------------------------------------------------------------------------------------- nobody else's data


@given(st.lists(LETTERS, min_size=2, max_size=4))
@settings(max_examples=60, phases=WITHOUT_SHRINKING)
def test_no_letter_carries_anything_of_another(letters: list[LetterFacts]) -> None:
    """Made one after the other, and the first once more: what was made before leaves nothing behind."""
    for letter in [*letters, letters[0]]:
        said = squeezed(text_in(make_letter(letter)))
        own = set(marks_of(letter))
        assert [mark for mark in own if squeezed(mark) not in said] == []
        foreign = {mark for other in letters for mark in marks_of(other)} - own
        assert [mark for mark in foreign if squeezed(mark) in said and not _within(mark, own)] == []


@given(LETTERS, LETTERS)
@settings(max_examples=60, phases=WITHOUT_SHRINKING)
def test_letters_differ_in_their_facts_alone(first: LetterFacts, second: LetterFacts) -> None:
    """With every fact of its own taken out, each letter is the same."""
    one, other = (msgspec.structs.replace(each, entries=each.entries[:1], asker="parent") for each in (first, second))
    if len(one.entries) == len(other.entries):
        assert _blanked(one) == _blanked(other)


def _within(mark: str, own: set[str]) -> bool:
    """One made-up value may hold another."""
    return any(mark in value for value in own)


def _blanked(letter: LetterFacts) -> str:
    kept = {"day": date(2026, 1, 1), "what": "opened", "reason": "s11", "times": 1}
    entries = tuple(msgspec.structs.replace(each, **kept) for each in letter.entries)
    days = dict.fromkeys(("since", "until", "dated"), date(2026, 1, 1))
    said = squeezed(text_in(make_letter(msgspec.structs.replace(letter, entries=entries, **days))))
    for mark in sorted(marks_of(letter), key=len, reverse=True):
        said = said.replace(squeezed(mark), "_")
    return re.sub(r"PAGE\d+OF\d+", "", said)


@pytest.mark.parametrize(
    "written",
    [
        '#panic("x")',
        "#sys.inputs",
        "*bold* _and_ `raw`",
        "$x^2$ <label> @label",
        "= A heading",
        "// a comment",
        '"}], "title": "Another',
        '\\u{41} \\ #eval("1 + 1")',
        '#read("/etc/passwd")',
        "]); #table([",
    ],
)
def test_what_is_written_like_the_templates_own_language_stands_there_as_it_is(written: str) -> None:
    said = text_in(make_letter(facts(entries=(entry(organisation=written),), council=written)))

    assert squeezed(said).count(squeezed(written)) >= 2


@pytest.mark.parametrize(
    ("name", "read"), [("学校", "XueXiao"), ("Ysgol Tŵr", "Ysgol Tŵr"), ("A\x07b", "Ab"), ("😀 Club", "Club")]
)
def test_name_in_a_script_that_the_fonts_lack_is_written_in_plain_letters(name: str, read: str) -> None:
    assert read in text_in(make_letter(facts(entries=(entry(organisation=name),))))


def test_letter_that_cannot_be_set_is_refused_without_its_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.letters.making._plain", lambda content: content)
    with pytest.raises(LetterError) as refused:
        make_letter(facts(council="Wyvernshire \x07"))
    assert "Wyvernshire" not in f"{refused.value!r} {refused.value.__cause__!r}"


# --------------------------------------------------------------------------------------------------------- its facts


@given(LETTERS, st.data())
def test_facts_that_differ_anywhere_have_another_digest(letter: LetterFacts, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(LetterFacts.__struct_fields__))
    other = data.draw(LETTERS.filter(lambda each: getattr(each, name) != getattr(letter, name)))
    changed = msgspec.structs.replace(letter, **{name: getattr(other, name)})

    assert digest_of(changed) != digest_of(letter)
    assert digest_of(msgspec.json.decode(msgspec.json.encode(letter), type=LetterFacts)) == digest_of(letter)


def test_same_facts_make_the_same_bytes() -> None:
    assert make_letter(facts()) == make_letter(facts())


def test_nothing_of_a_name_stands_in_the_letter_where_it_is_not_named() -> None:
    unnamed = entry(organisation="", kind="", through="")

    said = text_in(make_letter(facts(entries=(unnamed,))))

    assert "An organisation that we do not name" in said


def test_letter_without_a_line_does_not_say_that_nobody_looked() -> None:
    said = text_in(make_letter(facts(entries=())))

    assert "There is nothing that we can tell you for this time." in said
    assert "The law lets us leave something out" in said
    assert "obody" not in said


@pytest.mark.parametrize("what", What)
def test_everything_that_somebody_did_has_words(what: What) -> None:
    said = text_in(make_letter(facts(entries=(entry(what=what.value, reason="", times=3),))))

    assert squeezed(f"{what.label}, 3 times") in squeezed(said)
    assert squeezed("No reason is asked for this") in squeezed(said)


@pytest.mark.parametrize(("kind", "said"), [("GP practice", "GP practice"), ("School or college", "school or college")])
def test_kind_of_organisation_stands_as_in_a_sentence(kind: str, said: str) -> None:
    assert organisation_in_words(entry(kind=kind)) == f"Mill Lane Primary School ({said})"


# ------------------------------------------------------------------------------------------------------ accessibility


def test_document_is_tagged_and_has_language_and_title() -> None:
    document = PdfReader(BytesIO(make_letter(facts())))
    root: Any = document.trailer["/Root"]

    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title == "Who looked at the record that you asked about"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_headings_and_table_are_tagged_as_what_they_are() -> None:
    lines = tuple(entry(day=date(2026, 3, day)) for day in range(1, 31))
    tags = tags_in(make_letter(facts(entries=lines)))
    names = [str(tag["/S"]) for tag in tags]

    headings = [name for name in names if re.fullmatch(r"/H\d", name)]
    assert headings == ["/H1", "/H2", "/H2", "/H2"]
    # On several pages one table, whose headings are said once and belong to their columns.
    assert names.count("/Table") == 1
    heads = [tag for tag in tags if tag["/S"] == "/TH"]
    assert [_scope(tag) for tag in heads] == ["/Column"] * 4
    assert names.count("/TR") == 1 + len(lines)
    assert names.count("/TD") == 4 * len(lines)
    (link,) = [tag for tag in tags if tag["/S"] == "/Link"]
    assert link


def test_link_says_where_it_leads() -> None:
    pages = PdfReader(BytesIO(make_letter(facts()))).pages
    links: list[Any] = [note.get_object() for page in pages for note in page.get("/Annots", [])]

    assert [link["/A"]["/URI"] for link in links] == ["https://ico.org.uk/make-a-complaint/"]
    assert all(link["/Contents"] for link in links)


def test_every_font_is_in_the_file() -> None:
    pages = PdfReader(BytesIO(make_letter(facts()))).pages
    fonts: list[Any] = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]

    assert fonts
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)
        assert "/ToUnicode" in font


def _scope(tag: Any) -> str:
    told = tag["/A"].get_object()
    attributes = told if isinstance(told, list) else [told]
    return next(str(each.get_object()["/Scope"]) for each in attributes if "/Scope" in each.get_object())
