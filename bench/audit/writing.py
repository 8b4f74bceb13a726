"""Step: let some writers write for some seconds. Prints how long each event took, in milliseconds, writer by writer.

    python -m bench.audit.writing CONTENDER WRITERS SECONDS

A writer is a process with one connection. They begin together, once each has written a few events.
"""

import json
import multiprocessing
import sys
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import django

django.setup()

from bench.audit.contenders import ALL  # noqa: E402 - Django first

WARM = 30
PATIENCE_SECONDS = 120


def main() -> None:
    name, writers, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    # Forked, they share what is imported; none has a connection yet.
    forking = multiprocessing.get_context("fork")
    start, results = forking.Barrier(writers), forking.Queue()
    processes = [
        forking.Process(target=_write, args=(name, place, seconds, start, results), daemon=True)
        for place in range(writers)
    ]
    for process in processes:
        process.start()
    milliseconds = [results.get(timeout=seconds + PATIENCE_SECONDS) for _ in processes]
    print(json.dumps(milliseconds))


def _write(name: str, place: int, seconds: float, start: Barrier, results: "Queue[list[float]]") -> None:
    write = ALL[name].writer(place)
    for _ in range(WARM):
        write()
    milliseconds = []
    start.wait(PATIENCE_SECONDS)
    now = time.perf_counter()
    end = now + seconds
    while now < end:
        write()
        after = time.perf_counter()
        milliseconds.append((after - now) * 1000)
        now = after
    results.put(milliseconds)


if __name__ == "__main__":
    main()
