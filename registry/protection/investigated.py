"""By which function of the database a shield is overridden: the one that has auditors look into it.

Cases are kept by an app above this one, which names its function when it starts. Without one nobody overrides anything.
"""

_opened_by: list[str] = []


class NobodyInvestigatesError(Exception):
    """No app has registered that would look into it."""


def register(function: str) -> None:
    """Have this function open the investigation, and note what is overridden. Raises ValueError where another does."""
    if _opened_by and _opened_by != [function]:
        raise ValueError(f"{_opened_by[0]} is registered already.")
    _opened_by[:] = [function]


def overrides_by() -> str:
    """The function's name. Raises NobodyInvestigatesError."""
    if not _opened_by:
        raise NobodyInvestigatesError
    return _opened_by[0]
