"""Durations as they are said, in words, in our code and in pages of SQL, and how many seconds they are."""

import ast
import re
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
APPS = (
    "access",
    "api",
    "audit",
    "contactpoint",
    "database",
    "encryption",
    "feeds",
    "pages",
    "registry",
    "review",
    "transparency",
)
WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("fifteen", "twenty", "thirty", "sixty"),
)
VALUES = dict(zip(WORDS, (*range(1, 13), 15, 20, 30, 60), strict=True)) | {
    "a": 1,
    "an": 1,
    "half a": 0.5,
    "half an": 0.5,
}
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "month": 30 * 86_400, "year": 365 * 86_400}
MANY = rf"\d+(?:, \d+)* (?:and|or) \d+|\d[\d,.]*|half an?|{'|'.join(WORDS)}"
NUMBERED = re.compile(rf"(?<![\w.])({MANY}) ({'|'.join(UNITS)})s?\b(?!-)", re.IGNORECASE)
# One of them: `a second` is most often another one.
ONE = re.compile(rf"(?<![\w.])(?<!half )(an?) ({'|'.join(set(UNITS) - {'second'})})\b", re.IGNORECASE)


@cache
def text_of(name: str) -> str:
    return (PROJECT / name).read_text()


def in_sql(page: str) -> float:
    """The one interval that a page of SQL names."""
    (interval,) = set(re.findall(r"interval '([^']+)'", text_of(page)))
    (seconds,) = seconds_of(interval)
    return seconds


def in_script(constant: str) -> int:
    (seconds,) = re.findall(rf"^const {constant} = (\d+) \* SECOND$", text_of("assets/session.js"), re.MULTILINE)
    return int(seconds)


def seconds_of(said: str) -> list[float]:
    """The durations that a phrase names: 60, 30 and 7 days are three."""
    numbers, _, unit = said.casefold().rpartition(" ")
    each = re.split(r", | and | or ", numbers)
    return [float(VALUES.get(number) or number.replace(",", "")) * UNITS[unit.removesuffix("s")] for number in each]


def days(number: float) -> float:
    return number * UNITS["day"]


def years(number: float) -> float:
    return number * UNITS["year"]


def said_in(text: str, *patterns: re.Pattern[str]) -> set[str]:
    return {match[0].casefold() for pattern in patterns for match in pattern.finditer(" ".join(text.split()))}


def said_by_code(source: str) -> set[str]:
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {said for text in texts if isinstance(text, str) for said in said_in(text, NUMBERED)}


def everything_said() -> dict[str, set[str]]:
    """The durations that each file names."""
    pages = {*(PROJECT / "templates").rglob("*.html"), *PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")}
    ours = [path for app in APPS for path in (PROJECT / app).rglob("*.*")]
    left_out = {"migrations", "superseded", "demonstration", "local"}
    said = {path: said_in(re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL), NUMBERED, ONE) for path in pages}
    for path in ours:
        if path.suffix == ".py" and not left_out & set(path.parts):
            said[path] = said_by_code(path.read_text())
        elif path.suffix == ".sql" and not left_out & set(path.parts):
            said[path] = said_in(path.read_text(), NUMBERED)
    return {str(path.relative_to(PROJECT)): each for path, each in sorted(said.items()) if each}
