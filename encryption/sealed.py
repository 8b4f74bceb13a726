"""`Sealed`: a personal value in memory. It prints as <sealed>, cannot be compared, and opens only when asked to."""

from collections.abc import Callable
from typing import Generic, Never, TypeVar

from encryption.errors import SealedMisuseError

T = TypeVar("T")


class Sealed(Generic[T]):
    """A value that must be opened on purpose. Opening may raise ValueDamagedError or KeyMissingError."""

    __slots__ = ("_opener",)

    def __init__(self, opener: Callable[[], T]) -> None:
        self._opener = opener

    def open(self) -> T:
        """The clear value. The caller answers for who may see it and for the audit event that says so."""
        return self._opener()

    def __repr__(self) -> str:
        return "<sealed>"

    def __format__(self, specification: str) -> str:
        return "<sealed>"

    def _refuse(self, *_: object) -> Never:
        raise SealedMisuseError("A sealed value cannot be compared, tested, iterated or pickled. Open it first.")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __hash__ = __bool__ = __iter__ = __len__ = __contains__ = __reduce__ = _refuse
