"""Step, as the web role: what the permission check adds to a request.

    python -m bench.revocation.checking REQUESTS

The same pages of the same person with the check and without it, by turns, in this process.
"""

import json
import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.test import Client, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from access.models import Role  # noqa: E402
from bench import signed_in  # noqa: E402

CHECK = "access.door.middleware.RoutePolicyMiddleware"
PAGES = ("home", "my_access", "people")
WARM = 20


def main() -> None:
    without = [each for each in settings.MIDDLEWARE if each != CHECK]
    browsers = {"with": _browser(settings.MIDDLEWARE), "without": _browser(without)}
    print(json.dumps({page: _measured(browsers, reverse(page), int(sys.argv[1])) for page in PAGES}))


def _browser(middleware: list[str]) -> Client:
    """The administrator's browser, at a service with that middleware. They may press to the end."""
    browser = Client(SERVER_NAME="localhost")
    (administrator,) = signed_in.in_role(Role.ADMINISTRATOR)
    browser.cookies[settings.SESSION_COOKIE_NAME] = administrator.cookie
    with override_settings(MIDDLEWARE=middleware):
        browser.handler.load_middleware()
    return browser


def _measured(browsers: dict[str, Client], page: str, requests: int) -> dict[str, list[float]]:
    """Milliseconds with, without, and what is added, request by request."""
    times: dict[str, list[float]] = {name: [] for name in browsers}
    for turn in range(WARM + requests):
        # Who goes first changes, so that what the first one warms helps both.
        for name in sorted(browsers, reverse=turn % 2 == 0):
            times[name].append(_timed(browsers[name], page))
    kept = {name: each[WARM:] for name, each in times.items()}
    kept["added"] = [more - less for more, less in zip(kept["with"], kept["without"], strict=True)]
    return kept


def _timed(browser: Client, page: str) -> float:
    begun = time.perf_counter()
    answer = browser.get(page)
    elapsed = (time.perf_counter() - begun) * 1000
    if answer.status_code != 200:  # noqa: PLR2004 - let in
        raise SystemExit(f"{page} was answered with {answer.status_code}: nothing can be measured.")
    return elapsed


if __name__ == "__main__":
    main()
