"""How often names are borne in the synthetic England, for registry/traits/rarity.json: reckoned, not counted.

The lists of data/ are by origin, written by hand in rough order of frequency (data/README.md); there is no public count
of England's family names among them. In the table origins are groups without a name: which names go together is all
that it says. An installation with real children should put counts of its own population in its place.
"""

from collections import defaultdict
from typing import Any

from registry.demonstration import files, names
from registry.demonstration.shapes import Origin
from registry.search import normalise
from registry.traits.prints import one_family
from registry.vocabulary import Gender

# Names that fewer have are left out, and taken for as common as that.
UNKNOWN_FAMILY = 2**-14
UNKNOWN_GIVEN = 2**-13
BORNE_IN_ANOTHER_FORM = 0.6  # by how many families a daughter's name has its own ending (names.NameBook.family_name)
WITH_A_WOMANS_NAME = 0.15


def table() -> dict[str, Any]:
    """What is written: shares of a group in millionths, by name as it is compared."""
    return {
        "source": "reckoned from the lists of registry/demonstration/data; no public count of family names",
        "unknown_family": UNKNOWN_FAMILY,
        "unknown_given": UNKNOWN_GIVEN,
        "groups": [
            {
                "share": round(share, 5),
                "families": _kept(families(origin), UNKNOWN_FAMILY / share / 8),  # others of its bearers: elsewhere
                "given": _kept(given(origin), UNKNOWN_GIVEN),
            }
            for origin, share in names.ORIGINS.shares()
        ],
    }


def families(origin: Origin) -> dict[str, float]:
    """By how many adults of an origin each family name is borne, in the form in which it is compared."""
    parts = files.document("surname_parts.json").get(origin)
    listed = 1 - parts["share"] if parts else 1.0
    women = WITH_A_WOMANS_NAME / 2 if origin is Origin.MUSLIM_SOUTH_ASIAN else 0.0
    found: dict[str, float] = defaultdict(float)
    rows = [row for row in files.rows("surnames.csv") if row["origin"] == origin]
    total = sum(float(row["weight"]) for row in rows)
    for row in rows:
        share = listed * (1 - women) * float(row["weight"]) / total
        for gender in (Gender.FEMALE, Gender.MALE):
            for gendered, often in ((True, BORNE_IN_ANOTHER_FORM), (False, 1 - BORNE_IN_ANOTHER_FORM)):
                borne = names.FamilyName(row["surname"], origin, gendered).borne_by(gender)
                found[one_family(normalise.whole_name(borne))] += share * often / 2
    for name in names.WOMENS_SURNAMES if women else ():
        found[one_family(normalise.whole_name(name))] += women / len(names.WOMENS_SURNAMES)
    return found


def given(origin: Origin) -> dict[str, float]:
    """By how many adults of an origin each first forename is borne."""
    found: dict[str, float] = defaultdict(float)
    for tradition, share in names.traditions_of_adults(origin).items():
        for sex in ("F", "M"):
            rows = [row for row in files.rows("forenames.csv") if (row["tradition"], row["sex"]) == (tradition, sex)]
            total = sum(float(row["weight"]) for row in rows)
            for row in rows:
                for first in normalise.name_parts(row["forename"])[:1]:
                    found[first] += share * float(row["weight"]) / total / 2
    return found


def _kept(shares: dict[str, float], fewest: float) -> dict[str, int]:
    return {name: round(share * 1e6) for name, share in sorted(shares.items()) if share >= fewest}
