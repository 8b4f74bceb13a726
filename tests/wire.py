"""TLS for the embedded servers, as docker-compose.yml makes it. Both were built without: it ends in front of them here.

The certificates are made by the lines in the file's header, as they stand there. What arrives over TLS goes on to the
real server and back, byte by byte. A client of PostgreSQL first asks, in PostgreSQL's own words, whether there is TLS;
one that does not ask is turned away, as the `hostssl` lines of docker-compose.yml do it.
"""

import asyncio
import re
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from contactpoint.local.servers import Servers
from contactpoint.local.state import PROJECT

LINES = re.compile(r"^# .* In the same directory:\n(.*?)^# Keep root_key", re.MULTILINE | re.DOTALL)
TLS_ASKED_FOR = struct.pack("!ii", 8, 80877103)
CHUNK = 65_536


def make_certificates(directory: Path) -> None:
    """Run the header's own lines in `directory`. Raises AssertionError with all they said when they fail."""
    told = LINES.search((PROJECT / "docker-compose.yml").read_text())
    assert told, "the lines that make certificates are not where they were"
    script = re.sub(r"^#   ", "", told[1], flags=re.MULTILINE)
    done = subprocess.run(["sh", "-euc", script], cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Front:
    """Where TLS ends, with the certificate `name` of `directory`, before the server at `behind`."""

    directory: Path
    name: str
    behind: int

    @contextmanager
    def running(self) -> Iterator[int]:
        """Yields the port of 127.0.0.1 at which it listens."""
        begun: Future[tuple[int, Callable[[], object]]] = Future()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(begun)), daemon=True)
        thread.start()
        port, stop = begun.result()
        try:
            yield port
        finally:
            stop()
            thread.join()

    async def _serve(self, begun: "Future[tuple[int, Callable[[], object]]]") -> None:
        """Serve until the second of what `begun` is told, after the port, is called."""
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        asks_first = self.name == "database"
        server = await asyncio.start_server(
            self._when_asked if asks_first else self._pass_on, "127.0.0.1", 0, ssl=None if asks_first else self._tls()
        )
        begun.set_result((server.sockets[0].getsockname()[1], partial(loop.call_soon_threadsafe, over.set)))
        await over.wait()
        server.close()

    def _tls(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self.directory / f"{self.name}_certificate", self.directory / f"{self.name}_key")
        return context

    async def _when_asked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            if await reader.readexactly(len(TLS_ASKED_FOR)) == TLS_ASKED_FOR:
                writer.write(b"S")
                await writer.start_tls(self._tls())
                await self._pass_on(reader, writer)
        writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, asks = await asyncio.open_connection("127.0.0.1", self.behind)
        await asyncio.gather(_copy(reader, asks), _copy(answers, writer))


@dataclass(frozen=True)
class Wire:
    """Both servers behind TLS, and the certificates that they show."""

    directory: Path
    ports: Mapping[str, int]

    def moved(self, address: str, *, host: str = "localhost") -> str:
        """The address of a server without TLS, as it is over TLS."""
        old = urlsplit(address)
        scheme, name = ("rediss", "redis") if old.scheme == "redis" else (old.scheme, "database")
        return f"{scheme}://{old.username}:{old.password}@{host}:{self.ports[name]}{old.path}"


@contextmanager
def wired(servers: Servers, directory: Path) -> Iterator[Wire]:
    """Both servers behind TLS, with certificates made in `directory`."""
    make_certificates(directory)
    behind = {"database": servers.postgresql.superuser_address, "redis": servers.redis.operator_address}
    with ExitStack() as fronts:
        ports = {
            name: fronts.enter_context(Front(directory, name, urlsplit(address).port or 0).running())
            for name, address in behind.items()
        }
        yield Wire(directory, ports)


async def _copy(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await source.read(CHUNK):
            to.write(chunk)
            await to.drain()
    to.close()
