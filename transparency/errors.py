"""What can go wrong here. Each message says what to do next."""


class TransparencyError(Exception):
    """Any error of this package."""


class LineError(TransparencyError):
    """A line that no event is written as."""


class ProofError(TransparencyError):
    """A proof that does not lead to the root it was made for."""


class PackError(TransparencyError):
    """An evidence pack that was changed, or is none."""


class NoteError(TransparencyError):
    """A note, key or signature that is malformed, or that nobody known has signed."""


class PublicationError(TransparencyError):
    """The place of publication lacks something, or holds something else than it should, or is not fit for it."""


class UnreachableError(TransparencyError):
    """The place of publication does not answer, or not now. Nothing is lost: it is asked again."""


class OutOfTimeError(UnreachableError):
    """What was to be done there takes longer than it may. What is done stays done."""


class ForkError(TransparencyError):
    """Something was published, or cosigned, that contradicts what was before: two logs pass for one."""


class InputError(TransparencyError):
    """What was handed in cannot be read at all, so nothing is said about it."""
