"""An access token of the demonstration's system (`make token`), to try the API with in a terminal.

It goes through the pages in which somebody signs in and lets the system act, as their browser would; a real system
leaves that to them, and never has their password.
"""

import base64
import hmac
import json
import os
import re
import struct
import sys
import time
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import requests
from contactpoint_client import NotSignedInError, ProblemError, System, UnreachableError
from joserfc.jwk import ECKey

LOCAL = Path(os.environ.get("CONTACTPOINT_STATE", Path(__file__).resolve().parents[3] / ".local"))
PATIENCE_SECONDS = 30
CODE_SECONDS = 30
NOT_RUNNING = "There is no demonstration that runs. Start it in another terminal: make demo"


def main(wanted: str) -> str:
    """A token for the user `wanted`, by role or address. Raises SystemExit where there is none."""
    try:
        facts, known = (json.loads((LOCAL / name).read_text()) for name in ("demo.json", "system.json"))
    except FileNotFoundError:
        raise SystemExit(NOT_RUNNING) from None
    users = [user for user in facts["users"] if wanted in (user["role"], user["email"])]
    if not users:
        raise SystemExit(f"No demonstration user is {wanted}. Use AS=practitioner, or the address of one.")
    key = ECKey.import_key(known["key"])
    system = System(known["client_id"], key, known["algorithm"], facts["sign_in_address"], known["comes_back"])
    begun = system.send_to_sign_in()
    try:
        return system.take_back(begun, let_it_act(users[0], begun.address)).token
    except (requests.ConnectionError, UnreachableError):
        raise SystemExit(NOT_RUNNING) from None
    except (NotSignedInError, ProblemError) as problem:
        raise SystemExit(f"The system cannot act for {users[0]['email']}. {problem}") from None


def let_it_act(user: dict[str, str], address: str) -> str:
    """Sign in, press the button, and return where the browser is led back to."""
    browser = requests.Session()
    page = browser.get(address.replace("/oauth/authorize", "/oauth/allow"), timeout=PATIENCE_SECONDS)
    page = _send(browser, page, {"login": user["email"], "password": user["password"]})
    if "Security code" in page.text:
        page = _send(browser, page, {"code": _code(user["totp_secret"])})
    if "Security code" in page.text:  # a code is good once: somebody signed in with this one just now
        time.sleep(CODE_SECONDS - time.time() % CODE_SECONDS)
        page = _send(browser, page, {"code": _code(user["totp_secret"])})
    if "/oauth/allow" not in page.url:
        raise SystemExit(f"Signing in as {user['email']} led to {page.url}, and not on.")
    return _send(browser, page, {"allow": "yes"}, follow=False).headers.get("Location", page.url)


def _send(
    browser: requests.Session, page: requests.Response, values: dict[str, str], *, follow: bool = True
) -> requests.Response:
    """Send a page's form to itself, as the browser does."""
    hidden = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    kept = {"csrfmiddlewaretoken": unescape(hidden[1])} if hidden else {}
    parts = urlsplit(page.url)
    headers = {"Referer": page.url, "Origin": f"{parts.scheme}://{parts.netloc}"}
    sent = {**kept, **values}
    return browser.post(page.url, sent, headers=headers, timeout=PATIENCE_SECONDS, allow_redirects=follow)


def _code(secret: str) -> str:
    """What the authenticator app shows now (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // CODE_SECONDS), "sha1")
    offset = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF) % 10**6:06}"


if __name__ == "__main__":
    print(main(sys.argv[1]))  # noqa: T201 - what it is for
