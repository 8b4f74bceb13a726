"""A notice handed over by HTTP to a real server: what is taken for taken, and that nothing it does holds us up."""

import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from access.models import Failure
from access.systems.telling import network, sending
from access.systems.telling.sending import send
from tests.receiver import Handler, Receiver, receiving

NOTICE = "eyJ.eyJ.c2ln"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving("/told?by=us") as made:
        yield made


def test_notice_is_posted_as_it_is(receiver: Receiver) -> None:
    assert send(receiver.address, NOTICE) is None
    (taken,) = receiver.taken
    assert (taken.path, taken.body) == ("/told?by=us", NOTICE)
    assert taken.headers["Content-Type"] == "application/secevent+jwt"
    assert taken.headers["Accept"] == "application/json"
    assert f"http://{taken.headers['Host']}/told?by=us" == receiver.address
    assert not {"Authorization", "Cookie", "Referer"} & set(taken.headers)


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (200, b"", None),
        (202, b"", None),
        (204, b"", None),
        (400, b'{"err": "invalid_key", "description": "Amina"}', Failure.KEY),
        (400, b'{"err": "authentication_failed"}', Failure.KEY),
        (400, b'{"err": "invalid_audience"}', Failure.AUDIENCE),
        (400, b'{"err": "invalid_issuer"}', Failure.AUDIENCE),
        (400, b'{"err": "invalid_request"}', Failure.REFUSED),
        (400, b'{"err": "made_up"}', Failure.REFUSED),
        (400, b'{"err": {"deep": 1}}', Failure.REFUSED),
        (400, b"[" * 9_000, Failure.REFUSED),
        (400, b"not JSON", Failure.REFUSED),
        (400, b"\xff", Failure.REFUSED),
        (400, b" " * 50_000, Failure.ANSWER),
        (401, b"", Failure.REFUSED),
        (404, b"", Failure.REFUSED),
        (410, b"", Failure.REFUSED),
        (429, b"", Failure.BROKEN),
        (500, b"", Failure.BROKEN),
        (503, b"", Failure.BROKEN),
    ],
)
def test_answer_is_one_word(receiver: Receiver, status: int, body: bytes, failure: Failure | None) -> None:
    receiver.status, receiver.body = status, body
    assert send(receiver.address, NOTICE) == failure


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_led_on(receiver: Receiver, status: int) -> None:
    with receiving() as elsewhere:
        receiver.status, receiver.headers = status, {"Location": elsewhere.address}
        assert send(receiver.address, NOTICE) == Failure.REDIRECT
        assert (len(receiver.taken), elsewhere.taken) == (1, [])


@pytest.mark.parametrize("slow", ["waits", "drips"])
def test_slow_one_is_left_in_time(receiver: Receiver, monkeypatch: pytest.MonkeyPatch, slow: str) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.5)
    setattr(receiver, slow, 20 if slow == "waits" else True)
    begun = time.monotonic()
    assert send(receiver.address, NOTICE) == Failure.TIME
    assert time.monotonic() - begun < 3


def test_endless_answer_is_not_read(receiver: Receiver) -> None:
    receiver.headers = {f"X-{number}": "y" * 1_000 for number in range(50)}
    assert send(receiver.address, NOTICE) == Failure.ANSWER


def test_what_is_no_http_is_no_answer(monkeypatch: pytest.MonkeyPatch, receiver: Receiver) -> None:
    monkeypatch.setattr(Handler, "do_POST", lambda handler: handler.wfile.write(b"SSH-2.0-Other\r\n"))
    assert send(receiver.address, NOTICE) == Failure.ANSWER


def test_nobody_there(receiver: Receiver) -> None:
    with receiving() as gone:
        address = gone.address
    assert send(address, NOTICE) == Failure.CONNECTION


def test_no_proxy_of_the_environment_is_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        assert send(receiver.address, NOTICE) is None
        assert (len(receiver.taken), proxy.taken) == (1, [])


def test_outside_of_trials_nothing_goes_out_without_tls(receiver: Receiver, settings: Any) -> None:
    settings.TELLING_ON_THIS_MACHINE = False
    assert send(receiver.address, NOTICE) == Failure.ADDRESS
    assert send("http://files.example.org/told", NOTICE) == Failure.ADDRESS
    assert receiver.taken == []


@pytest.fixture
def certified(tmp_path: Path) -> Path:
    """A certificate for files.example.org that nobody else knows, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "files.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("files.example.org")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "certificate").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    bare = serialization.NoEncryption()
    (tmp_path / "key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, bare)
    )
    return tmp_path


@pytest.fixture
def over_tls(certified: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Receiver]]:
    """A receiver with that certificate, to which each name leads."""
    receiver = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"receiver": receiver}))
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified / "certificate", certified / "key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    port = server.server_address[1]
    leads_here = [(network.socket.AF_INET, network.socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(network.socket, "getaddrinfo", lambda *_, **__: leads_here)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield int(port), receiver
    server.shutdown()
    server.server_close()


def test_certificate_that_is_trusted_is_taken_for_its_own_name_alone(
    over_tls: tuple[int, Receiver], certified: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, receiver = over_tls
    assert send(f"https://files.example.org:{port}/told", NOTICE) == Failure.CERTIFICATE
    monkeypatch.setenv("SSL_CERT_FILE", str(certified / "certificate"))
    assert send(f"https://other.example.org:{port}/told", NOTICE) == Failure.CERTIFICATE
    assert receiver.taken == []
    assert send(f"https://files.example.org:{port}/told", NOTICE) is None
    assert receiver.taken[0].body == NOTICE
