"""A system that is told something: a real server on this machine, which notes what comes and answers as one wants."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet


@dataclass
class Taken:
    """One request: what stood in its head, and its body."""

    path: str
    headers: dict[str, str]
    body: str

    def claims(self, keys: dict[str, Any]) -> dict[str, Any]:
        """What was told, its signature checked by these keys."""
        read = jwt.decode(self.body, KeySet.import_key_set(keys), algorithms=["ES256"])
        assert read.header["typ"] == "secevent+jwt"
        return dict(read.claims)


@dataclass
class Receiver:
    """What it took, and how it answers next: with a status, headers and a body, after a while."""

    address: str = ""
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    waits: float = 0
    drips: bool = False
    taken: list[Taken] = field(default_factory=list)

    def told(self, keys: dict[str, Any]) -> list[str]:
        """The followings of which it was told, in order."""
        return [each.claims(keys)["sub_id"]["id"] for each in self.taken]


class Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        receiver = self.receiver
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        receiver.taken.append(Taken(self.path, dict(self.headers), body))
        time.sleep(receiver.waits)
        if receiver.drips:
            self.drip()
            return
        self.send_response(receiver.status)
        for name, value in receiver.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(receiver.body)))
        self.end_headers()
        self.wfile.write(receiver.body)

    def drip(self) -> None:
        """A head that never ends, so slowly that no single wait is long."""
        self.wfile.write(b"HTTP/1.1 202 Accepted\r\n")
        for _ in range(600):
            self.wfile.write(b"X: y\r\n")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever asked has gone: that is theirs to say."""


@contextmanager
def receiving(path: str = "/told") -> Iterator[Receiver]:
    """A receiver at an address of this machine."""
    receiver = Receiver()
    server = Server(("127.0.0.1", 0), type("Bound", (Handler,), {"receiver": receiver}))
    receiver.address = f"http://127.0.0.1:{server.server_address[1]}{path}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
