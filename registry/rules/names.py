"""A child's names beside one another, where two records of the child say them."""

from collections.abc import Iterable

from registry.values import Name
from registry.vocabulary import NameKind

Named = tuple[NameKind, Name]


def further(names: Iterable[Named]) -> list[Named]:
    """The names of a record that lies under another, as that one has them: what is the name here is also used there."""
    return [(NameKind.KNOWN_AS if kind == NameKind.LEGAL else kind, name) for kind, name in names]


def unlike(names: Iterable[Named]) -> tuple[Named, ...]:
    """The names in their order, without those also used that say what the name itself says."""
    listed = list(names)
    legal = {(name.given, name.family) for kind, name in listed if kind == NameKind.LEGAL}
    return tuple(
        (kind, name) for kind, name in listed if kind != NameKind.KNOWN_AS or (name.given, name.family) not in legal
    )
