"""A letter as an accessible PDF (PDF/UA-1: tagged, titled, in a language), made of its facts by typst."""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst
from anyascii import anyascii

from review.letters.facts import LetterFacts
from review.letters.words import content_of

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates" / "letters"


class LetterError(Exception):
    """No letter can be set of these facts. Says nothing of them."""


def make_letter(facts: LetterFacts) -> bytes:
    """The letter of these facts. The same facts give the same bytes, as long as template and typst are the same.

    The facts go in as data and come out as text: typst runs nothing that the template does not tell it to run. It
    reads no file but the template, and asks no server. Raises LetterError.
    """
    content = content_of(facts)
    # Where the fonts lack a script: better in plain letters than not at all.
    for written in (content, _plain(content)):
        try:
            return _set(json.dumps(written), facts)
        except typst.TypstError:  # whose message may quote what was to be set
            continue
    raise LetterError("The letter could not be set.")


def _plain(content: Any) -> Any:
    """The same in letters that every font has."""
    if isinstance(content, dict):
        return {name: _plain(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_plain(value) for value in content]
    return "".join(filter(str.isprintable, anyascii(content))) if isinstance(content, str) else content


def _set(content: str, facts: LetterFacts) -> bytes:
    made = typst.compile(
        TEMPLATES / "answer.typ",
        root=TEMPLATES,
        sys_inputs={"content": content},
        pdf_standards=["ua-1"],
        # The fonts that typst brings, so that a letter does not look different on another machine.
        ignore_system_fonts=True,
        timestamp=int(datetime.combine(facts.dated, time(), UTC).timestamp()),
    )
    return bytes(made)
