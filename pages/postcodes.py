"""Postcodes in one way of writing, and as somebody typed, heard or copied them: letters for digits, dashes for spaces.

It is certain where a postcode has letters and where digits (BS 7666), and which areas there are; so an O that stands in
the place of a digit is a nought, and a nought in the place of a letter an O: likewise seven more pairs that look alike
(LOOKS_LIKE). At most two characters are exchanged, and one letter and one digit must stand as they were typed: a house
number or an age is no postcode, however it is read. Where two readings are possible both are told.
"""

import re
import string
from itertools import product

from pages import postcodes_in_use
from pages.typed import plain

_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")
_SECTOR = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9])$")
_OUTWARD = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?$")
_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY "
    "G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP "
    "NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W "
    "WA WC WD WF WN WR WS WV YO ZE"
)
AREAS = frozenset(_AREAS.split())
DIGITS_LIKE = {"O": "0", "L": "1", "I": "1L", "Z": "2", "A": "4", "S": "5", "G": "6", "B": "8"}
LETTERS_LIKE = {"0": "O", "1": "IL", "2": "Z", "4": "A", "5": "S", "6": "G", "8": "B"}
LOOKS_LIKE = DIGITS_LIKE | LETTERS_LIKE
MOST_CHARACTERS = 7
MOST_EXCHANGED = 2
LONGEST_OUTWARD = 4
INWARD = 3

# Of the districts that end with a letter all lie in inner London.
_LETTERED = re.compile(r"E1W|N1[CP]|NW1W|SE1P|W1[ABCDFGHJKPSTUW]|SW1[A-Y]|EC[1-4][A-Y]|WC[12][A-Y]")
_DISTRICT = re.compile(r"([A-Z]{1,2})([1-9][0-9]?|0)")
# A digit alone, or with two letters; no C, I, K, M, O or V: they are too like others.
_INWARD = re.compile(r"[0-9](?:[ABD-HJLNP-UW-Z]{2})?")
_BETWEEN = re.compile(r"[\s\-.,;:'\"/\\|_()\[\]]+")


def normalise(text: str) -> str:
    """A full postcode such as "M33 4AB", a sector such as "M33 4", or an outward part such as "M33"; "" where it is
    none of them."""
    typed = " ".join(text.upper().split())
    match = _POSTCODE.match(typed.replace(" ", ""))
    if match:
        return f"{match[1]} {match[2]}"
    # Spaces stay: "M3 3" is a sector of M3, not the district M33.
    return typed if _OUTWARD.match(typed) or _SECTOR.match(typed) else ""


def is_full(code: str) -> bool:
    """Whether a normalised postcode is a whole one."""
    return len(code.partition(" ")[2]) == len("4AB")


def district(code: str) -> str:
    """The outward part of a normalised postcode."""
    return code.partition(" ")[0]


def inward(code: str) -> str:
    """The second part of a normalised postcode, "" where it has none."""
    return code.partition(" ")[2]


def read_postcode(typed: str) -> tuple[str, ...]:
    """The postcodes, or parts of one, that may be meant: one where it is certain, () where it is none.

    What fits as it stands is taken so. Otherwise it is read with the fewest characters exchanged for those that look
    like them; of several such readings those in use are left, and a single one must be in use.
    """
    words = _BETWEEN.sub(" ", plain(typed).upper()).split()
    if not 0 < sum(map(len, words)) <= MOST_CHARACTERS:
        return ()
    as_typed = normalise(" ".join(words))
    if as_typed and _is_real(as_typed):
        return (as_typed,)
    meant = _readings(words)
    if meant and is_full(meant[0]):
        known = tuple(postcodes_in_use.in_use(meant))
        meant = known if known or len(meant) == 1 else meant
    # What has the shape of a postcode, though none that we know, is searched for all the same.
    return meant or ((as_typed,) if as_typed else ())


def _readings(words: list[str]) -> tuple[str, ...]:
    """All that it can be read as with the fewest characters exchanged, in order. () where they are too many."""
    found: dict[str, int] = {}
    for outward, second in _parts(words):
        if outward in AREAS:  # the number of the district was left out, and a letter is no stand-in for it
            continue
        for one, other in product(_alike(outward), _alike(second)):
            code, typed = f"{one} {other}" if other else one, outward + second
            # "Elo" is a name and not E10, "16A" a house and not L64.
            if _keeps(typed, one + other, string.ascii_uppercase) and _keeps(typed, one + other, string.digits):
                exchanged = _exchanged(typed, one + other)
                if exchanged <= MOST_EXCHANGED and _is_real(code):
                    found[code] = exchanged
    fewest = min(found.values(), default=0)
    return tuple(sorted(code for code, exchanged in found.items() if exchanged == fewest))


def _parts(words: list[str]) -> list[tuple[str, str]]:
    """Where it may fall into its outward and inward part: whole, however it is spaced; of a part, as it is spaced."""
    together = "".join(words)
    if len(together) > LONGEST_OUTWARD:
        return [(together[:-INWARD], together[-INWARD:])]
    split = [(together, "")] if len(words) == 1 or words[0].isalpha() else []
    if len(words) > 1 and len(words[-1]) == 1:
        split.append(("".join(words[:-1]), words[-1]))
    return split


def _alike(text: str) -> list[str]:
    return ["".join(each) for each in product(*(character + LOOKS_LIKE.get(character, "") for character in text))]


def _exchanged(typed: str, read: str) -> int:
    return sum(one != other for one, other in zip(typed, read, strict=True))


def _keeps(typed: str, read: str, kind: str) -> bool:
    """Whether a character of the kind stands as it was typed."""
    return any(one == other and one in kind for one, other in zip(typed, read, strict=True))


def _is_real(code: str) -> bool:
    """Whether the code is in an area that there is, with a district and an inward part such as there are."""
    outward, second = district(code), inward(code)
    if second and not _INWARD.fullmatch(second):
        return False
    if _LETTERED.fullmatch(outward):
        return True
    found = _DISTRICT.fullmatch(outward)
    # Only areas of two letters have a district 0.
    return found is not None and found[1] in AREAS and (found[2] != "0" or len(found[1]) > 1)
