"""Which addresses a system may be told at, and that no other is ever connected to."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from access.systems.telling.network import Deadline, NotPublicError, connect, is_public

PUBLIC = ("8.8.8.8", "51.132.0.1", "2606:4700::1111", "2a00:1450:4009::200e", "::ffff:8.8.8.8")
ANYBODY = "0.0.0.0"  # noqa: S104 - nothing is bound to it
# Of this machine, of this network, of nobody, of everybody, and such in which one of these is hidden.
OTHERS = (
    *("127.0.0.1", "127.8.8.8", ANYBODY, "10.0.0.1", "172.16.5.4", "192.168.1.1", "100.64.0.1", "169.254.169.254"),
    *("192.0.2.1", "198.18.0.1", "192.88.99.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::a00:1"),
    *("2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", OTHERS)
def test_any_other_address_is_not(address: str) -> None:
    assert not is_public(ip_address(address))


class Names:
    """A resolver that answers otherwise each time it is asked, and what is connected to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> None:
        self.answers, self.asked, self.connected = list(answers), 0, list[Any]()
        monkeypatch.setattr(socket, "getaddrinfo", self.lead)
        monkeypatch.setattr(socket.socket, "connect", lambda _socket, address: self.connected.append(address))

    def lead(self, host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        addresses = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        families = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in addresses]
        return [
            (family, socket.SOCK_STREAM, 6, "", (address, port))
            for family, address in zip(families, addresses, strict=True)
        ]


def reach(host: str = "files.example.org") -> None:
    connect(host, 443, tls=False, deadline=Deadline(1)).close()


def test_name_is_asked_once_and_what_it_said_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: whoever looked at one answer and let the connection ask again would be led elsewhere."""
    names = Names(monkeypatch, ("8.8.8.8",), ("127.0.0.1",))
    reach()
    assert (names.asked, names.connected) == (1, [("8.8.8.8", 443)])


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::1", "64:ff9b::a00:1"])
def test_name_that_leads_into_our_network_is_connected_to_by_nobody(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    for answer in ((address,), ("8.8.8.8", address), (address, "8.8.8.8")):
        names = Names(monkeypatch, answer)
        with pytest.raises(NotPublicError):
            reach()
        assert names.connected == []


def test_this_machine_is_reached_where_it_is_tried_alone(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    names = Names(monkeypatch, ("127.0.0.1",))
    reach("127.0.0.1")
    assert names.connected == [("127.0.0.1", 443)]
    settings.TELLING_ON_THIS_MACHINE = False
    with pytest.raises(NotPublicError):
        reach("127.0.0.1")
    assert len(names.connected) == 1


def test_name_that_leads_nowhere_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(NotPublicError):
        reach()


def test_one_address_that_does_not_answer_is_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, ("8.8.8.8", "8.8.4.4"))
    tried = []

    def answer(_socket: socket.socket, address: Any) -> None:
        tried.append(address[0])
        if address[0] == "8.8.8.8":
            raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", answer)
    reach()
    assert tried == ["8.8.8.8", "8.8.4.4"]
