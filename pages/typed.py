"""What people type and paste, put in one way of writing.

A keyboard has one apostrophe and one hyphen. Word processors, telephones and other people's systems put some fifty
other characters in their places, and leave marks that nobody sees. Whoever sent them meant the plain one.
"""

import unicodedata

# Unicode has no property that says "an apostrophe". These are what its list of confusable characters has for one,
# without those that are a script's own letters: https://www.unicode.org/Public/security/latest/confusables.txt
_APOSTROPHES = (
    "0060 00B4 02B9 02BB 02BC 02BD 02BE 02BF 02C8 02CA 02CB 02F4 0374 0384 055A 055D 05F3 07F4 07F5 "
    "1FBD 1FBF 1FEF 1FFD 1FFE 2018 2019 201B 2032 2035 A78B A78C FF07 FF40"
)
# Dashes are a category of their own (Pd); these do a dash's work from another one.
_HYPHENS = "02D7 2043 207B 208B 2212 2796"
# Unseen, though not of the category of what is (Cf): joiners, fillers, selectors of a letter's variant.
_FILLERS = "034F 115F 1160 17B4 17B5 2800 3164 FFA0"
_VARIANTS = range(0xFE00, 0xFE10)


def _points(codes: str) -> list[int]:
    return [int(code, 16) for code in codes.split()]


_PLAIN: dict[int, str] = (
    dict.fromkeys(_points(_APOSTROPHES), "'")
    | dict.fromkeys(_points(_HYPHENS), "-")
    | dict.fromkeys([*_points(_FILLERS), *_VARIANTS], "")
)


def plain(text: str) -> str:
    """The text with plain apostrophes and hyphens, single spaces and nothing unseen; its letters composed, else kept.

    Marks that turn the direction of writing are unseen, too. Letters and digits of full width become ordinary ones.
    """
    if text.isascii():
        return " ".join(text.replace("`", "'").split())
    # Marks come first, since Unicode's own forms make a space and an accent of one that stands alone; and once more,
    # since they also make several primes of a double one.
    return " ".join(_marked(unicodedata.normalize("NFKC", _marked(text))).split())


def _marked(text: str) -> str:
    return "".join(_mark(character) for character in text.translate(_PLAIN))


def _mark(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Pd":
        return "-"
    return "" if category == "Cf" else character
