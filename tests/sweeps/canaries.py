"""Values that nobody else has, in the shapes that a registry holds, and every form in which they could be kept.

A canary is found by the bytes of any of its spellings in any encoding. Its label says where it was put in.
"""

import base64
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from urllib.parse import quote, quote_plus

import phonenumbers

from registry.demonstration.numbers import nhs_check_digit, upn_check_letter
from registry.search import normalise, phonetics

SHORTEST = 6  # bytes: what is shorter turns up by chance
SHORTEST_ENCODED = 8
LETTERS = "bcdfghjklmnprstvwz"
VOWELS = "aeiou"
WAYS_OF_WRITING_A_DAY = (
    *("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y-%d-%m", "%Y%m%d"),
    *("%d%m%Y", "%d-%m-%Y", "%-d %B %Y", "%-d %b %Y"),
)
URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True)
class Canary:
    """`label` says where it went in; `spellings` are all the ways in which it is written."""

    label: str
    spellings: tuple[str, ...]

    def traces(self) -> dict[bytes, str]:
        """The bytes to look for, each with the name of its encoding. Case does not count."""
        found: dict[bytes, str] = {}
        for spelling in self.spellings:
            for trace, encoding in _encoded(spelling):
                if len(trace) >= SHORTEST:
                    found.setdefault(trace, encoding)
        return found

    def digests(self) -> dict[bytes, str]:
        """What anybody can compute without a key, and so look up: each digest in hexadecimal and in Base64."""
        return dict(digest for spelling in self.spellings for form in _cases(spelling) for digest in _digests(form))


class Aviary:
    """Makes canaries, each once, and remembers them."""

    def __init__(self, seed: int = 0) -> None:
        self.canaries: list[Canary] = []
        self._random = random.Random(seed)  # noqa: S311 - the same ones each time
        self._made: set[str] = set()

    def keep(self, label: str, *spellings: str) -> str:
        """Look for `spellings` too. Returns the first."""
        known = tuple(dict.fromkeys(each for each in spellings if len(each) >= SHORTEST))
        if not known:
            raise ValueError(f"{label} is too short to be told from chance.")
        self.canaries.append(Canary(label, known))
        return spellings[0]

    def word(self, label: str) -> str:
        """Any text."""
        return self.keep(label, self._word())

    def name(self, label: str) -> str:
        """A name with an accent, a space and an apostrophe, as a person may have."""
        first, second = self._word().capitalize(), self._word().capitalize()
        name = f"{first}é O'{second}"
        sounds = [sound for part in normalise.name_parts(name) if len(sound := phonetics.sound(part)) > SHORTEST]
        return self.keep(label, name, normalise.whole_name(name), first, second, *sounds)

    def email(self, label: str) -> str:
        """An e-mail address."""
        local = f"{self._word()}.{self._word()}"
        return self.keep(label, f"{local}@example.org", local)

    def password(self, label: str) -> str:
        """A password that meets the rules."""
        return self.keep(label, f"Pw-{self._word()}-{self._word()}-9")

    def postcode(self, label: str) -> str:
        """A full postcode."""
        outward = "ZQ" + self._unique(lambda: f"{self._random.randint(1, 9)}{self._letter()}")
        inward = f"{self._random.randint(1, 9)}{self._letter()}{self._letter()}"
        return self.keep(label, f"{outward} {inward}", f"{outward}{inward}", f"{outward}-{inward}")

    def telephone(self, label: str) -> str:
        """A telephone number from the range that Ofcom keeps for drama and that no demonstration organisation has."""
        typed = self._unique(lambda: f"01632 960{self._random.randint(0, 999):03d}")
        number = phonenumbers.parse(typed, "GB")
        written = [
            phonenumbers.format_number(number, way)
            for way in (
                phonenumbers.PhoneNumberFormat.E164,
                phonenumbers.PhoneNumberFormat.NATIONAL,
                phonenumbers.PhoneNumberFormat.INTERNATIONAL,
                phonenumbers.PhoneNumberFormat.RFC3966,
            )
        ]
        return self.keep(label, typed, typed.replace(" ", ""), written[0].lstrip("+"), *written)

    def nhs_number(self, label: str) -> str:
        """A valid NHS number from the range kept for tests."""
        return self.number(label, self._unique(self._nhs_number))

    def pupil_number(self, label: str) -> str:
        """A valid unique pupil number."""
        digits = self._unique(lambda: f"358{self._random.randrange(10**9):09d}")
        return self.keep(label, upn_check_letter(digits) + digits, digits)

    def number(self, label: str, digits: str) -> str:
        """A number that is written with and without spaces."""
        return self.keep(label, digits, f"{digits[:3]} {digits[3:6]} {digits[6:]}")

    def day(self, label: str, first: date, last: date) -> date:
        """A day between the two, and how people and programs write it."""
        day = date.fromisoformat(self._unique(lambda: str(self._day(first, (last - first).days))))
        self.keep(label, *(f"{day:{way}}" for way in WAYS_OF_WRITING_A_DAY))
        return day

    def _word(self) -> str:
        return self._unique(lambda: "zqx" + "".join(self._syllable() for _ in range(4)) + "k")

    def _syllable(self) -> str:
        return self._letter().lower() + self._random.choice(VOWELS)

    def _letter(self) -> str:
        return self._random.choice(LETTERS).upper()

    def _day(self, first: date, days: int) -> date:
        """No day that is written as the log's partitions begin: on the first of a month, or with the month last."""
        while 1 in {(day := first + timedelta(days=self._random.randrange(days))).day, day.month}:
            pass
        return day

    def _nhs_number(self) -> str:
        while True:
            digits = f"999{self._random.randrange(10**6):06d}"
            if (check := nhs_check_digit(digits)) is not None:
                return f"{digits}{check}"

    def _unique(self, make: Callable[[], str]) -> str:
        while (made := make()) in self._made:
            pass
        self._made.add(made)
        return made


def _encoded(text: str) -> Iterator[tuple[bytes, str]]:
    """`text` in every encoding in which a program might keep it."""
    plain = text.encode()
    yield plain, "plain"
    yield text.encode("utf-16-le"), "UTF-16 little-endian"
    yield text.encode("utf-16-be"), "UTF-16 big-endian"
    yield quote(text, safe="").encode(), "URL"
    yield quote_plus(text).encode(), "URL form"
    yield json.dumps(text)[1:-1].encode(), "JSON"
    yield escape(text).encode(), "HTML"
    for form in _cases(text):
        yield form.hex().encode(), "hexadecimal"
        yield from _in_base64(form)


def _cases(text: str) -> set[bytes]:
    return {text.encode(), text.lower().encode(), text.upper().encode()}


def _in_base64(form: bytes) -> Iterator[tuple[bytes, str]]:
    """The part of the Base64 text that does not change with what stands before and after, for each alignment."""
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + form)
        inner = encoded[(0, 2, 3)[shift] : len(encoded) - (0, 3, 2)[(shift + len(form)) % 3]]
        if len(inner) >= SHORTEST_ENCODED:
            yield inner, "Base64"
            yield inner.translate(URL_SAFE), "Base64"


def _digests(form: bytes) -> Iterator[tuple[bytes, str]]:
    for algorithm in ("md5", "sha1", "sha256"):
        digest = hashlib.new(algorithm, form, usedforsecurity=False).digest()
        base64_text = base64.b64encode(digest).rstrip(b"=")
        for text in (digest.hex().encode(), base64_text, base64_text.translate(URL_SAFE)):
            yield text, algorithm
