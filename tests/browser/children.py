"""The children of the running service, known from the generator that made them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from access.models import Organisation
from registry.demonstration import shapes
from registry.demonstration.england import Places, households, organisations
from registry.management.commands.make_demonstration import SEED
from registry.search import index
from registry.vocabulary import SENSITIVE_SERVICES
from tests import factories
from tests.browser.people import COUNCIL
from tests.service import CHILDREN


@dataclass(frozen=True)
class Known:
    """A child and what is true of them."""

    child: shapes.Child
    household: shapes.Household

    @property
    def given(self) -> str:
        return self.child.names[0].given

    @property
    def family(self) -> str:
        return self.child.names[0].family

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def born(self) -> date:
        return self.child.date_of_birth

    @property
    def current(self) -> list[shapes.Involvement]:
        return [each for each in self.child.involvements if each.ended_on is None]

    @property
    def ended(self) -> list[shapes.Involvement]:
        return [each for each in self.child.involvements if each.ended_on is not None]

    @property
    def lead(self) -> shapes.Involvement | None:
        return next((each for each in self.current if each.lead), None)


class Children:
    """Picks children for tests. Each is given to one test only, so that none meets what another one wrote."""

    def __init__(self, known: list[Known]) -> None:
        self._known = known
        self._given: set[str] = set()

    def one(self, fits: Callable[[Known], bool]) -> Known:
        """A child who `fits`, is not shielded, and whose name nobody else bears."""
        found = next(known for known in self._known if not known.child.shielded and self._is_new(known) and fits(known))
        self._given.add(found.child.nhs_number)
        return found

    def busy(self) -> Known:
        """A child on whose record stands a bit of everything. Many tests read it; none may write on it."""
        return next(known for known in self._known if not known.child.shielded and is_busy(known))

    def shielded(self) -> Known:
        """A shielded child; the same one may be given again, since nobody can change a shielded record."""
        return next(known for known in self._known if known.child.shielded)

    def _is_new(self, known: Known) -> bool:
        alone = [other.name for other in self._known].count(known.name) == 1
        return alone and known.child.nhs_number not in self._given


def load() -> Children:
    """All children that the service was made with. Call it inside `service_database()`."""
    stream = households(Places.load(), seed=SEED, children=CHILDREN, today=index.started_on())
    return Children([Known(child, household) for household in stream for child in household.children])


@dataclass(frozen=True)
class Namesake:
    """What children who were added beside the demonstration share."""

    given: str
    family: str
    born: date


def add_namesakes(how_many: int) -> Namesake:
    """Add so many children of one name and birthday. Call it inside `service_database()`. Returns what they share."""
    council = Organisation.objects.get(directory_code=COUNCIL)
    one = Namesake("Ivy", "Lovelace-Quill", date(2016, 5, 4))
    same = {"authority": council, "given": one.given, "family": one.family, "date_of_birth": one.born}
    factories.children(*(factories.draft(**same) for _ in range(how_many)))
    return one


def organisation_names() -> dict[str, str]:
    """The names of the demonstration's organisations, by key."""
    return {each.key: each.name for each in organisations(Places.load())}


def is_half_known(known: Known) -> bool:
    """Whether name and date can be mistaken the way a tired person does: a letter, and day for month."""
    born = known.born
    plain = known.family.isascii() and known.family.isalpha() and len(known.family) >= 6
    return plain and born.day <= 12 and born.day != born.month


def is_busy(known: Known) -> bool:
    """Whether the record has a bit of everything: a lead, a sensitive service, something ended."""
    sensitive = [each for each in known.current if each.service in SENSITIVE_SERVICES]
    return bool(known.lead and sensitive and known.ended)


def is_quiet(known: Known) -> bool:
    """Whether only school and practice know the child."""
    return not known.child.involvements
