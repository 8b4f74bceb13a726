"""The one exception of this package."""


class LocalError(Exception):
    """Something on this machine stands in the way. The message tells the person what, and what to do next."""
