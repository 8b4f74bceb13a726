"""A server on this machine that answers what a test says, and keeps what it was asked."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Answer:
    """What is answered: an object as JSON, or text as it is."""

    told: object = field(default_factory=dict)
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def oauth_error(code: str, status: int = 400, **headers: str) -> Answer:
    return Answer({"error": code, "error_description": f"In words: {code}."}, status, headers=headers)


def problem(code: str, status: int, **more: object) -> Answer:
    told = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": f"In words: {code}."}
    return Answer({**told, "errors": [], "request_id": "", **more}, status, "application/problem+json")


# None: the connection is closed without an answer.
Says = Callable[[Asked], Answer | None]


@dataclass
class Server:
    """Where it is, what it was asked, and what it says."""

    address: str
    says: Says
    asked: list[Asked] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.asked]


@contextmanager
def serving() -> Iterator[Server]:
    """Serve while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def handle_one(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            asked = Asked(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
            server.asked.append(asked)
            answer = server.says(asked)
            if answer is None:
                self.close_connection = True
                return
            body = answer.told.encode() if isinstance(answer.told, str) else json.dumps(answer.told).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": answer.kind, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            for name, value in answer.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = handle_one  # noqa: N815 - as the standard library asks for them

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{listening.server_port}", lambda _asked: Answer())
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
