"""Practitioners of the demonstration in this process, each with a session of their own."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse

from audit.actors import Actor
from audit.reasons import Reason
from bench import people
from registry.references import refer_to

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
SEEN, SENT_ON = 200, 302


@dataclass(frozen=True)
class Practitioner:
    """One of them, and their browser."""

    actor: Actor
    browser: Client

    def address(self, page: str, child_id: int) -> str:
        """Where this person finds that page about the child."""
        return reverse(page, args=[refer_to(self.actor, child_id)])

    def fill(self, address: str, typed: Mapping[str, str]) -> None:
        """Look at a form and send it as it is shown, with these boxes filled. Raises SystemExit where it is refused."""
        self.send(address, self.shown(address) | dict(typed))

    def shown(self, address: str) -> dict[str, str]:
        """What a form sends without anybody typing it."""
        page = self.browser.get(address)
        if page.status_code != SEEN:
            raise SystemExit(f"{address} was answered with {page.status_code}: nothing can be measured.")
        return {name: unescape(value) for name, value in HIDDEN.findall(page.content.decode())}

    def send(self, address: str, typed: Mapping[str, str]) -> None:
        """Send a form. Raises SystemExit where it is refused."""
        answer = self.browser.post(address, dict(typed))
        if answer.status_code != SENT_ON:
            raise SystemExit(f"{address} was answered with {answer.status_code}: nothing can be measured.")

    def open(self, child_id: int) -> str:
        """Give a reason for the child's record and read it. Returns where."""
        self.fill(self.address("open_record", child_id), {"reason": Reason.SAFEGUARDING.value})
        record = self.address("record", child_id)
        self.browser.get(record)
        return record


@contextmanager
def practitioners(users_file: Path, count: int) -> Iterator[list[Practitioner]]:
    """So many of them, signed in. Nobody's budget runs out."""
    with ExitStack() as stack:
        stack.enter_context(people.unlimited())
        signed_in = [stack.enter_context(people.practitioner(users_file, place)) for place in range(count)]
        made = []
        for one in signed_in:
            browser = Client(SERVER_NAME="localhost")
            browser.cookies[settings.SESSION_COOKIE_NAME] = one.cookie
            made.append(Practitioner(one.actor, browser))
        yield made
