"""Step: begin requests at an even pace, whatever becomes of those before. Reads what to do from standard input.

Six in ten search, two open the record of somebody whom a search found, one lists records opened lately, and one asks
in whose name it asks.
"""

import json
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

KINDS = ("search", "search", "search", "open", "search", "me", "search", "open", "search", "recent")
AT_ONCE = 32
DONE = 200


@dataclass
class Pressing:
    """What is asked, in whose name, and what came of it."""

    address: str
    bodies: Sequence[dict[str, Any]]
    tokens: Sequence[str]
    times: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in dict.fromkeys(KINDS)})
    found: dict[str, list[str]] = field(default_factory=dict)
    own: threading.local = field(default_factory=threading.local)

    def ask(self, number: int, due: float) -> None:
        """One request. Its time counts from when it was to begin, so that a queue is not hidden."""
        kind, token = KINDS[number % len(KINDS)], self.tokens[number % len(self.tokens)]
        children = self.found.get(token)
        if kind == "open" and not children:
            kind = "search"
        method, path, body = "GET", f"/api/v1/{kind}", None
        if kind == "search":
            method, path, body = "POST", "/api/v1/searches", json.dumps(self.bodies[number % len(self.bodies)])
        if kind == "open" and children:
            path, body = f"/api/v1/children/{children[number % len(children)]}/openings", json.dumps({"reason": "s10"})
            method = "POST"
        status, told = self._send(method, path, body, token)
        if status != DONE:
            raise SystemExit(f"{method} {path.partition('?')[0]} was answered with {status}: {told}")
        self.times[kind].append((time.monotonic() - due) * 1000)
        if kind == "search":
            self.found.setdefault(token, []).extend(each["child"] for each in told["matches"])

    def _send(self, method: str, path: str, body: str | None, token: str) -> tuple[int, Any]:
        if not hasattr(self.own, "connection"):
            self.own.connection = HTTPConnection(self.address, timeout=30)
        headers = {"Authorization": f"Bearer {token}", "Host": "localhost"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            self.own.connection.request(method, path, body, headers)
            answer = self.own.connection.getresponse()
        except ConnectionError:  # the server lets no connection rest for long: another is made
            self.own.connection.close()
            self.own.connection.request(method, path, body, headers)
            answer = self.own.connection.getresponse()
        return answer.status, json.loads(answer.read())


def main() -> None:
    asked = json.loads(sys.stdin.read())
    pressing = Pressing(asked["address"], asked["bodies"], asked["tokens"])
    begun, every = time.monotonic(), 1 / asked["rate"]
    total = int(asked["rate"] * asked["seconds"])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waited = []
        for number in range(total):
            due = begun + number * every
            time.sleep(max(0.0, due - time.monotonic()))
            waited.append(pool.submit(pressing.ask, number, due))
        for each in waited:
            each.result()
    kinds = {kind: {"milliseconds": times} for kind, times in pressing.times.items() if times}
    print(json.dumps({"begun": total, "kinds": kinds}))


if __name__ == "__main__":
    main()
