"""`python -m contactpoint.local.stop`: end the demonstration, wherever it was started, and its servers."""

import sys

from contactpoint.local import processes, servers, state
from contactpoint.local.errors import LocalError


def main() -> None:
    """End what runs; nothing happens when nothing does."""
    directory = state.directory()
    # The demonstration ends its own processes; they are named for the case that it was killed.
    processes.end(directory, *processes.MARKS)
    servers.stop(directory)
    print("Stopped.")


if __name__ == "__main__":
    try:
        main()
    except LocalError as error:
        sys.exit(str(error))
