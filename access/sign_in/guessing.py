"""Guesses at passwords and codes: whoever guesses is locked out, and not the person whose account it is.

A guess is counted before it is heard, and taken off again if it was right. It is counted

- in a browser that is known for the account (access/sign_in/known_devices.py): against that browser, for that account.
  Nobody elsewhere can use this budget up, and a right guess there begins it anew;
- everywhere else: against the address for that account, against the account from all browsers that are new to it, and
  against the address for all accounts. The second is what a thousand addresses have together. Once it is spent, no
  new browser is heard, and the person still gets in with one that is known. Nobody's success begins it anew, only a
  new password.

An account is its fingerprint, and is counted alike whether anybody has it or not.

Codes. One of six digits is right for its half minute alone and once (allauth's TOTP_TOLERANCE is 0), so a guess is
right with a chance of 1 in 1,000,000. Somebody who has the password and no known browser has 20 in an hour and 100 in
30 days, as many as NIST SP 800-63B, 5.2.2, allows in a row: they get in with a chance of 1 in 50,000 within an hour and
of 1 in 10,000 within a day, and no more than that within the 30 days. Of recovery codes up to ten are good, of
100,000,000: a guess at one is ten times worse. Whoever stole a known browser has as many guesses again.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from access.sign_in import events, known_devices
from access.sign_in.events import Locked

APP = "allauth.account"  # whose setting, ACCOUNT_RATE_LIMITS, says how many
IF_NOT_YOU = "If you did not enter them, tell the management team of your organisation"
MESSAGES = {
    Locked.BROWSER: "Too many wrong {what}. Wait {wait}, then try again",
    Locked.ADDRESS: "Too many wrong {what} for this account from where you are. Wait {wait}, then try again, or use a "
    f"browser in which you signed in before. {IF_NOT_YOU}",
    Locked.NEW_BROWSERS: "Too many wrong {what} for this account, in browsers that are new to it. Use a browser in "
    "which you signed in before, or a passkey. In a new one wait {wait}, and longer if somebody goes on guessing. "
    f"Until then the mediators of your council can look a child up for you. {IF_NOT_YOU}",
    Locked.EVERY_ACCOUNT: "Too many wrong {what} from where you are. Wait {wait}, then try again, or use a browser in "
    "which you signed in before",
}


class Proof(StrEnum):
    """What is guessed at."""

    PASSWORD = "password"  # noqa: S105 - the name of a budget
    CODE = "code"  # or a recovery code, or what a passkey answers in its place


@dataclass(frozen=True, slots=True)
class Budget:
    """So many wrong guesses as ACCOUNT_RATE_LIMITS allows `action`, for whatever `key` names."""

    action: str
    key: str
    locked: Locked | None = None


class SpentError(Exception):
    """No more guesses are heard under this budget."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget.action)
        self.budget = budget


class Guess:
    """A guess that is counted, and turns out right or wrong."""

    def __init__(self, request: HttpRequest, proof: Proof, account: str) -> None:
        self.request, self.proof, self.account = request, proof, account
        self.turned_out_wrong = False
        self._budgets = _budgets(request, proof, account)
        try:
            self._take_back = spend(request, self._budgets)
        except SpentError as spent:
            raise ValidationError(_why(request, proof, spent.budget), code="too_many_guesses") from None

    def wrong(self) -> None:
        """Leave it counted, and tell the log of each budget that it was the last of."""
        self.turned_out_wrong = True
        for budget in self._budgets:
            if ratelimit.consume(self.request, app=APP, action=budget.action, key=budget.key, dry_run=True) is None:
                self._note_lock(budget)

    def right(self) -> None:
        """Take it off. A known browser begins anew; what others share stays counted."""
        self._take_back()
        for budget in self._budgets:
            if budget.locked == Locked.BROWSER:
                ratelimit.clear(self.request, app=APP, action=budget.action, key=budget.key)

    def _note_lock(self, budget: Budget) -> None:
        assert budget.locked is not None  # noqa: S101 - those of `_budgets` say what they lock
        events.record_lock_out(self.request, self.account, budget.locked)
        if budget.locked == Locked.NEW_BROWSERS:
            cache.set(_told(self.account, self.proof), time.time(), settings.GUESSES_TOLD_SECONDS)


@contextmanager
def counted(request: HttpRequest, proof: Proof, account: str) -> Iterator[Guess]:
    """Hear a guess inside. It was right unless a ValidationError leaves, or `wrong` is called.

    Raises a ValidationError, and hears nothing, where a budget is spent.
    """
    guess = Guess(request, proof, account)
    try:
        yield guess
    except ValidationError:
        guess.wrong()
        raise
    if not guess.turned_out_wrong:
        guess.right()


def spend(request: HttpRequest, budgets: Sequence[Budget]) -> Callable[[], None]:
    """Count a guess under each budget. Returns what takes it back. Raises SpentError where one is; then under none."""
    counts: list[ratelimit.RateLimitUsage] = []

    def take_back() -> None:
        for each in counts:
            each.rollback()

    for budget in budgets:
        used = ratelimit.consume(request, app=APP, action=budget.action, key=budget.key)
        if used is None:
            take_back()
            raise SpentError(budget)
        counts.append(used)
    return take_back


def forget(request: HttpRequest, account: str) -> None:
    """Begin anew in all new browsers, since the account has a new password: whoever guessed knows nothing of it."""
    for proof in Proof:
        ratelimit.clear(request, app=APP, action=f"{proof}_elsewhere", key=account)


def guessed_at(account: str, proof: Proof) -> datetime | None:
    """When new browsers were locked out of the account for the last time, while that is still told."""
    at: float | None = cache.get(_told(account, proof))
    return None if at is None else datetime.fromtimestamp(at, tz=UTC)


def _budgets(request: HttpRequest, proof: Proof, account: str) -> list[Budget]:
    device = known_devices.device_of(request, account)
    if device is not None:
        return [Budget(f"{proof}_here", f"{account} browser {device}", Locked.BROWSER)]
    address = ratelimit.get_ip(request)
    return [
        Budget(f"{proof}_here", f"{account} address {address}", Locked.ADDRESS),
        Budget(f"{proof}_elsewhere", account, Locked.NEW_BROWSERS),
        Budget("address_wrong", address, Locked.EVERY_ACCOUNT),
    ]


def _why(request: HttpRequest, proof: Proof, spent: Budget) -> str:
    assert spent.locked is not None  # noqa: S101 - those of `_budgets` say what they lock
    return MESSAGES[spent.locked].format(what=f"{proof}s", wait=_in_words(_seconds_left(request, spent)))


def _seconds_left(request: HttpRequest, budget: Budget) -> float:
    """How long until a guess is heard again, if nobody makes one meanwhile."""
    left = [0.0]
    for rate in ratelimit.get_rates(app=APP, action=budget.action):
        name = ratelimit.get_cache_key(request, app=APP, action=budget.action, rate=rate, key=budget.key)
        newest_first: list[float] = cache.get(name, [])
        if len(newest_first) >= rate.amount:
            left.append(newest_first[rate.amount - 1] + rate.duration - time.time())
    return max(left)


def _in_words(seconds: float) -> str:
    for number, unit in ((seconds / 86_400, "days"), (seconds / 3_600, "hours")):
        if number > 2:  # noqa: PLR2004 - two hours are better told in minutes
            return f"{math.ceil(number)} {unit}"
    minutes = max(1, math.ceil(seconds / 60))
    return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"


def _told(account: str, proof: Proof) -> str:
    return f"guessed at {proof} of {account}"
