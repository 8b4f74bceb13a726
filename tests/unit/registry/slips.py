"""One typing error, of the usual four (Damerau 1964)."""

from hypothesis import strategies as st

ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def slips(draw: st.DrawFn, word: st.SearchStrategy[str]) -> tuple[str, str]:
    """A name, and the same name with one typing error anywhere."""
    right = draw(word)
    place, letter = draw(st.integers(0, len(right) - 1)), draw(st.sampled_from(ALPHABET))
    kind = draw(st.sampled_from(["insert", "delete", "change", "swap"]))
    before, after = right[:place], right[place:]
    wrong = {
        "insert": before + letter + after,
        "delete": before + after[1:],
        "change": before + letter + after[1:],
        "swap": before + after[1:2] + after[:1] + after[2:],
    }[kind]
    return right, wrong
