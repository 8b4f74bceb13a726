"""Connections to where systems are told something: to the public network alone, and never for longer than was said.

Two administrators agreed to an address by name. Where that name leads is its owner's to say, and may be another place
with each question. So it is asked once, what was answered is looked at, and the connection is made to that number and
no other: nobody has the worker knock at a door of our own network (SSRF, DNS rebinding).
"""

import io
import socket
import ssl
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from time import monotonic
from typing import Any

from django.conf import settings

LOOPBACK = IPv4Address("127.0.0.1")
# Of IPv6 all that is given out to anybody (RFC 4291, 2.4); what carries an address of IPv4 in it stands elsewhere, or
# below.
GIVEN_OUT = IPv6Network("2000::/3")
RELAYED = (IPv4Network("192.88.99.0/24"), IPv6Network("2002::/16"), IPv6Network("2001::/32"))


class NotPublicError(Exception):
    """The name leads to no address, or to one that is not of the public network."""


class TooLongError(Exception):
    """More came than is read."""


class Deadline:
    """A moment until which something has to be done, in seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._until = monotonic() + seconds

    def left(self) -> float:
        """How many seconds are left. Raises TimeoutError where there are none."""
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Bounded:
    """A socket as http.client uses one, of which no more is read than `most` octets, and nothing after the deadline,
    however slowly it comes. As with any socket, whoever reads keeps it open."""

    def __init__(self, connected: socket.socket, deadline: Deadline, most: int) -> None:
        self._socket, self._deadline, self._most = connected, deadline, most
        self._is_read = False

    def sendall(self, data: Any) -> None:
        """Send all of it before the deadline."""
        self._socket.settimeout(self._deadline.left())
        self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """The same to read."""
        self._is_read = True
        return io.BufferedReader(_Reading(self._socket, self._deadline, self._most))

    def close(self) -> None:
        """Close it, unless somebody reads."""
        if not self._is_read:
            self._socket.close()


class _Reading(io.RawIOBase):
    """What comes, up to so many octets and until the deadline."""

    def __init__(self, connected: socket.socket, deadline: Deadline, most: int) -> None:
        super().__init__()
        self._socket, self._deadline, self._left = connected, deadline, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._left <= 0:
            raise TooLongError
        self._socket.settimeout(self._deadline.left())
        count = self._socket.recv_into(memoryview(buffer)[: self._left])
        self._left -= count
        return count

    def close(self) -> None:
        self._socket.close()
        super().close()


def connect(host: str, port: int, *, tls: bool, deadline: Deadline) -> socket.socket:
    """A connection to the host, over TLS for that very name. Raises NotPublicError, and OSError as sockets do."""
    reached = _reached(_leads_to(host, port), deadline)
    if not tls:
        return reached
    try:
        reached.settimeout(deadline.left())
        return ssl.create_default_context().wrap_socket(reached, server_hostname=host)
    except BaseException:
        reached.close()
        raise


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is of the public network, and nobody's in particular is hidden in it."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address not in GIVEN_OUT:
            return False
    return address.is_global and not address.is_multicast and not any(address in network for network in RELAYED)


def _leads_to(host: str, port: int) -> list[tuple[Any, ...]]:
    """Where the name leads, asked once. All of it must be public: an owner who names one address of ours as well is not
    to be trusted with the others."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotPublicError from None
    if not found or not all(_may_be_reached(each[4][0]) for each in found):
        raise NotPublicError
    return found


def _may_be_reached(told: str | int) -> bool:
    address = ip_address(told)
    return is_public(address) or (settings.TELLING_ON_THIS_MACHINE and address == LOOPBACK)


def _reached(addresses: list[tuple[Any, ...]], deadline: Deadline) -> socket.socket:
    """The first of them that answers."""
    failed: OSError = OSError("no address")
    for family, kind, protocol, _name, address in addresses:
        opened = socket.socket(family, kind, protocol)
        try:
            opened.settimeout(deadline.left())
            opened.connect(address)
        except OSError as error:
            opened.close()
            failed = error
        else:
            return opened
    raise failed
