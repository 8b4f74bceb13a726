"""Which feeds a system can be accredited to deliver. `feeds` knows them and stands above this app: it says so here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivered:
    """A feed by its number: whose it is, which authority answers for that, and what people call it."""

    id: int
    organisation_id: int
    authority_id: int
    name: str
    stopped: bool

    def is_for(self, organisation_id: int) -> bool:
        """Whether a system of that organisation can deliver it. Each time the database asks as well."""
        return organisation_id in (self.organisation_id, self.authority_id)


Lister = Callable[[], Sequence[Delivered]]
_listers: list[Lister] = []


def register(lister: Lister) -> None:
    """Have this tell which feeds there are. Called by the app that knows, as it starts."""
    if lister not in _listers:
        _listers.append(lister)


def feeds() -> list[Delivered]:
    """The feeds within reach of whoever is signed in."""
    return [each for lister in _listers for each in lister()]
