"""Step, as the process that signs people in: have each of these people sign in. Prints milliseconds, one by one.

python -m bench.sign_in.asking E-MAIL...
"""

import json
import secrets
import sys
import time

import django

django.setup()

from allauth.mfa.totp.internal.auth import generate_totp_secret  # noqa: E402 - Django first
from django.conf import settings  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from access.sign_in.actions.first_secrets import give_secrets  # noqa: E402
from bench.sign_in import WARM  # noqa: E402
from contactpoint.local import code  # noqa: E402

REDIRECT = 302
LEAST_SECONDS = 2  # that a code is good for when it is typed


def main() -> None:
    given = [(email, secrets.token_urlsafe(12), generate_totp_secret()) for email in sys.argv[1:]]
    for email, password, secret in given:
        give_secrets(email=email, password=password, authenticator_secret=secret)
    print(json.dumps([_sign_in(*each) for each in given][WARM:]))


def _sign_in(email: str, password: str, secret: str) -> dict[str, float]:
    """By the clock; both forms are sent with the token that their page holds."""
    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    milliseconds: dict[str, float] = {}

    def timed(part: str, method: str, page: str, **typed: str) -> HttpResponse:
        begun = time.perf_counter()
        answer: HttpResponse = getattr(client, method)(reverse(page), typed)
        milliseconds[part] = (time.perf_counter() - begun) * 1000
        return answer

    def sent(part: str, page: str, **typed: str) -> None:
        token = client.cookies[settings.CSRF_COOKIE_NAME].value
        answer = timed(part, "post", page, csrfmiddlewaretoken=token, **typed)
        if answer.status_code != REDIRECT:
            raise SystemExit(f"The {part} was answered with {answer.status_code}: nothing can be measured.")

    timed("page for the password", "get", "account_login")
    sent("password", "account_login", login=email, password=password)
    timed("page for the code", "get", "mfa_authenticate")
    while code.seconds_left(time.time()) < LEAST_SECONDS:
        time.sleep(0.1)
    sent("code", "mfa_authenticate", code=code.current(secret, time.time()))
    forms = milliseconds["password"] + milliseconds["code"]
    return milliseconds | {"password and code": forms, "all of it": sum(milliseconds.values())}


if __name__ == "__main__":
    main()
