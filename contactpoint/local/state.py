"""The directory in which a laptop's installation keeps what it made for itself: servers, keys, passwords."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contactpoint.local.errors import LocalError

PROJECT = Path(__file__).resolve().parent.parent.parent


def directory() -> Path:
    """`CONTACTPOINT_STATE`, else `.local` in the project; made, for its owner alone, when it is not there."""
    path = Path(os.environ.get("CONTACTPOINT_STATE", PROJECT / ".local")).resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secret(name: str) -> str:
    """A secret of this installation, made the first time it is asked for, also by two at once."""
    path = directory() / name
    with locked(directory() / f"{name}.lock"):
        if not path.exists():
            write_private(path, secrets.token_urlsafe(48))
        return path.read_text()


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all, readable by its owner alone."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise LocalError(f"{path} could not be written ({error.strerror}). Free some space and try again.") from None


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock file at `path`. The system frees it when the holder ends, however that is: none is stale.

    Raises BlockingIOError when `wait` is false and another process holds it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)
