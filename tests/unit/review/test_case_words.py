"""What auditors read of an access: what explains it, and what is only said for it."""

import pytest

from review.case_words import explanation_of
from review.models import State


@pytest.mark.parametrize(
    ("state", "codes", "words"),
    [
        (State.AT_ONCE, ["patient"], "Explained at once: The child is a patient of their practice"),
        (State.UNEXPLAINED, [], "Nothing explains it"),
        (State.UNEXPLAINED, ["searched"], "Nothing explains it; their own search had shown the record just before"),
        (State.HELD, ["mediated"], "Nothing explains it yet; a colleague rang a mediator for it"),
        (State.LATER, ["gone_since"], "Explained later"),
    ],
)
def test_what_explains_nothing_is_never_told_as_an_explanation(state: State, codes: list[str], words: str) -> None:
    assert explanation_of(state.value, codes) == words
