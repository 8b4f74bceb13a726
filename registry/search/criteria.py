"""What a practitioner gave to find a child by, and whether it is enough."""

from dataclasses import dataclass
from datetime import date

from pages import postcodes
from registry.rules import numbers
from registry.search import normalise
from registry.vocabulary import Gender

MINIMUM = (
    "Enter a name with a date of birth, or both names with an age, a year of birth or part of a postcode, "
    "or a name with a full postcode or a house and street. Or enter one of the child's numbers."
)
SHORTEST_NAME = 2  # of all letters given: "J" alone says too little, "Li" is a name


@dataclass(frozen=True, slots=True)
class Criteria:
    """Search criteria, validated and normalised by the form. Empty text and None mean "not given".

    `number` is a registry number, NHS number or UPN with a right check digit. `age` is in whole years and may be a
    guess; it counts only where no date of birth is given, nor a part of one. Of a date that is not known whole,
    `year_of_birth` is given, and with it `month_of_birth` or none.
    """

    today: date
    given: str = ""
    family: str = ""
    date_of_birth: date | None = None
    year_of_birth: int | None = None
    month_of_birth: int | None = None
    age: int | None = None
    gender: Gender | None = None
    postcode: str = ""
    number: str = ""
    house: str = ""
    street: str = ""

    def is_enough(self) -> bool:
        """Whether the criteria are specific enough to search at all (no trawling by name, area or date alone).

        After the NHS Personal Demographics Service: a name never counts without a date, an age or a place.
        """
        if self.number:
            return True
        lengths = [len(normalise.whole_name(name)) for name in (self.given, self.family)]
        if max(lengths) < SHORTEST_NAME:
            return False
        hint = self.age is not None or self.year_of_birth is not None or bool(self.postcode)
        if all(lengths) and hint and (min(lengths) >= SHORTEST_NAME or postcodes.is_full(self.postcode)):
            return True
        return self.date_of_birth is not None or postcodes.is_full(self.postcode) or bool(self.house and self.street)

    def uses_hidden_field(self) -> bool:
        """Whether they use what a shield hides: such a search must act as if shielded children were not there."""
        return bool(self.postcode or self.street) or (bool(self.number) and not numbers.is_own(self.number))

    def to_log(self) -> dict[str, str]:
        """What the access log keeps, sealed."""
        values = {
            "given": self.given,
            "family": self.family,
            "date_of_birth": self._born(),
            "age": "" if self.age is None else str(self.age),
            "gender": self.gender or "",
            "postcode": self.postcode,
            "number": self.number,
            "house": self.house,
            "street": self.street,
        }
        return {name: value for name, value in values.items() if value}

    def _born(self) -> str:
        """The date of birth, or as much of it as was given: 2017-04-09, 2017-04, 2017."""
        if self.date_of_birth:
            return self.date_of_birth.isoformat()
        if self.year_of_birth is None:
            return ""
        return f"{self.year_of_birth:04}" + (f"-{self.month_of_birth:02}" if self.month_of_birth else "")
