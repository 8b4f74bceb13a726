"""Where simulated users live, told to whoever makes something of it. Nothing of it is kept here."""

from collections.abc import Sequence

from django.dispatch import Signal

# With `user_id`, `lines` and `postcode`. Receivers run as the database's owner, with the keys of a web process.
home_told = Signal()


def told_home(user_id: int, lines: Sequence[str], postcode: str) -> None:
    """Somebody told where they live, as people do when they join."""
    home_told.send(sender=None, user_id=user_id, lines=tuple(lines), postcode=postcode)
