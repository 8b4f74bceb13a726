"""An authenticator app, and the clock that it shares with the service of these tests.

A code is good for what is left of its half minute. Where that is little, the clock of both goes on into the next one,
and no test waits for it.
"""

import time

from allauth.mfa.totp.internal import auth as taking

from contactpoint.local import code

SECONDS_TO_TYPE = 5


class _Clock:
    """Stands where the service asks `time` what time it is for a code. Tests may besides let time pass for all."""

    def __init__(self) -> None:
        self._ahead = 0

    def time(self) -> float:
        return time.time() + self._ahead

    def leave_time_to_type(self) -> None:
        left = code.seconds_left(self.time())
        if left < SECONDS_TO_TYPE:
            self._ahead += left


_clock = taking.time = _Clock()


def code_of(secret: str) -> str:
    """What an app with this secret shows now, good for some seconds more. The service takes it once."""
    _clock.leave_time_to_type()
    return code.current(secret, _clock.time())
