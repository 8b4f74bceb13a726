"""What a PDF file says, and how it is tagged."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject


def text_in(letter: bytes) -> str:
    """All that can be read on its pages, in one line."""
    pages = PdfReader(BytesIO(letter)).pages
    return " ".join(re.sub(r"\s+", " ", page.extract_text()) for page in pages)


def tags_in(letter: bytes) -> list[DictionaryObject]:
    """The elements of its structure, in the order in which they are read aloud."""
    root: Any = PdfReader(BytesIO(letter)).trailer["/Root"]
    return list(_below(root["/StructTreeRoot"]))


def _below(element: Any) -> Iterator[DictionaryObject]:
    children = element.get("/K")
    for child in children if isinstance(children, ArrayObject) else [children]:
        found = child.get_object() if child is not None else None
        if isinstance(found, DictionaryObject) and "/S" in found:
            yield found
            yield from _below(found)
