"""What no page asks for: canaries in addresses, headers, cookies and bodies of every route, and broken requests."""

import json
import socket
import time
from contextlib import suppress
from urllib.parse import quote

import psycopg

from access.door.serving import Server
from tests.sweeps.browser import URLENCODED, Browser
from tests.sweeps.feeding import Feeder
from tests.sweeps.routes import Route, all_routes

HEADERS = (
    *("Accept-Language", "Forwarded", "From", "If-None-Match", "Origin", "Referer", "User-Agent", "X-Csrftoken"),
    *("X-Forwarded-For", "X-Forwarded-Host", "X-Http-Method-Override", "X-Request-Id"),
)
COOKIES = ("csrftoken", "messages", "session", "sessionid")
METHODS = ("DELETE", "OPTIONS", "PATCH", "PUT", "TRACE")
UPLOADED = 3 * 1024 * 1024  # more than Django keeps in memory
WHILE_HALF_SENT = 1.0


def meddle(feeder: Feeder, signed_in: Browser) -> None:
    """Everything below, signed out and signed in."""
    strangers = feeder.browser()
    strangers.get("/account/login/")  # for the cookie that a form's protection asks for
    for browser, who in ((strangers, "stranger"), (signed_in, "user")):
        for route in all_routes():
            if not (who == "user" and route.name == "account_logout"):
                _try_route(feeder, browser, route, who)
        _send_large(feeder, browser, who)
    _forge_headers(feeder)
    _upload(feeder, signed_in)
    _send_no_http(feeder)


def fail(feeder: Feeder, browser: Browser) -> None:
    """Let the database refuse to record a search, so that an error is reported while what was typed is at hand."""
    made = feeder.aviary
    with psycopg.connect(feeder.observed.database, autocommit=True) as connection:
        connection.execute("REVOKE EXECUTE ON FUNCTION audit_record FROM contactpoint_web")
        try:
            form = browser.get("/search/").form("family_name")
            names = {name: made.name(f"failing search: {name}") for name in ("given_name", "family_name")}
            answer = browser.follow(browser.fill(form, **names, age="9"))
        finally:
            connection.execute("GRANT EXECUTE ON FUNCTION audit_record TO contactpoint_web")
    assert answer.status == 500, f"the search did not fail: {answer.status}"


def _try_route(feeder: Feeder, browser: Browser, tried: Route, who: str) -> None:
    made, route = feeder.aviary, f"{tried.name}, by a {who}"
    path = tried.path.replace("made-up", made.word(f"address of {route}"))
    query = f"{path}?{made.word(f'query name of {route}')}={quote(made.name(f'query of {route}'))}"
    browser.get(f"{query}&next=//{made.word(f'next of {route}')}.example/")
    browser.send("POST", path, f"x={made.word(f'body without token of {route}')}".encode(), kind=URLENCODED)
    body = {"csrfmiddlewaretoken": browser.cookies.get("csrftoken", ""), "x": made.word(f"JSON of {route}")}
    browser.send("POST", path, json.dumps(body).encode(), kind="application/json")
    word = made.word(f"other methods of {route}")
    for method in METHODS:
        browser.send(method, path, word.encode(), kind=word)


def _send_large(feeder: Feeder, browser: Browser, who: str) -> None:
    """A body larger than any form, and a deep one."""
    large = f"login={feeder.aviary.word(f'large body by a {who}')}&x={'x' * 300_000}"
    browser.send("POST", "/account/login/", large.encode(), kind=URLENCODED)
    deep = "[" * 50_000 + feeder.aviary.word(f"deep JSON by a {who}")
    form = browser.get("/account/login/").forms()
    token = form[0].values.get("csrfmiddlewaretoken", "") if form else ""
    body = f"csrfmiddlewaretoken={token}&credential={quote(deep)}"
    browser.send("POST", "/security/webauthn/login/", body.encode(), kind=URLENCODED)


def _forge_headers(feeder: Feeder) -> None:
    made = feeder.aviary
    for header in HEADERS:
        browser = feeder.browser()
        token = browser.get("/account/login/").form("login").values["csrfmiddlewaretoken"]
        word = made.word(f"header {header}")
        browser.headers[header] = f"https://{word}.example" if header in {"Origin", "Referer"} else word
        browser.get("/search/")
        body = f"csrfmiddlewaretoken={token}&login={word}@example.org&password={word}-Pw"
        browser.send("POST", "/account/login/", body.encode(), kind=URLENCODED)
    for cookie in COOKIES:
        browser = feeder.browser()
        browser.cookies[cookie] = made.word(f"cookie {cookie}")
        browser.get("/search/")
        browser.send("POST", "/account/login/", b"x=y", kind=URLENCODED)
    for host in (made.word("host"), f"{made.word('bad host')}/@:x", f"{made.word('IPv6 host')}]["):
        feeder.browser().get("/account/login/", Host=host)
    feeder.browser().get("/search/", Authorization=f"Basic {made.word('authorisation')}")


def _upload(feeder: Feeder, browser: Browser) -> None:
    """Send a file to a page that takes none, and look at it half-way: temporary files vanish with the request."""
    made, limit = feeder.aviary, "canaries"
    word = made.word("uploaded file")
    head = (
        f'--{limit}\r\nContent-Disposition: form-data; name="{made.word("name of file box")}"; '
        f'filename="{made.word("file name")}"\r\nContent-Type: text/plain\r\n\r\n'
    ).encode()
    body = head + (word.encode() + b" ") * (UPLOADED // (len(word) + 1)) + f"\r\n--{limit}--\r\n".encode()
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    token = browser.cookies.get("csrftoken", "")
    start = (
        f"POST /search/ HTTP/1.1\r\nHost: {browser.hosts[Server.WEB]}\r\nCookie: {cookies}\r\nX-CSRFToken: {token}\r\n"
        f"Content-Type: multipart/form-data; boundary={limit}\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    ).encode()
    with _line(browser.hosts[Server.WEB]) as line:
        line.sendall(start + body[: len(body) // 2])
        time.sleep(WHILE_HALF_SENT)
        feeder.observed.copy_open_files()
        line.sendall(body[len(body) // 2 :])
        assert line.recv(100), "the upload was not answered"


def _send_no_http(feeder: Feeder) -> None:
    """Bytes that are not, or hardly, a request."""
    made, host = feeder.aviary, feeder.browser().hosts[Server.WEB]
    words = {
        name: made.word(f"no request: {name}") for name in ("line", "method", "version", "header", "folded", "long")
    }
    words |= {name: made.word(f"no request: {name}") for name in ("length", "encoding", "chunk", "newline", "path")}
    for request in (
        f"{words['line']}\r\n\r\n",
        f"{words['method'].upper()}! / HTTP/1.1\r\nHost: {host}\r\n\r\n",
        f"GET /{words['version']} HTTP/{words['version']}\r\nHost: {host}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: {host}\r\n{words['header']} : x\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: {host}\r\nX: y\r\n {words['folded']}\r\n\r\n",
        f"GET /{words['long'] * 2000} HTTP/1.1\r\nHost: {host}\r\n\r\n",
        f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: {words['length']}\r\n\r\n",
        f"POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: {words['encoding']}\r\n\r\n",
        f"POST /account/login/ HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n{words['chunk']}\r\n",
        f'GET /%0d%0a{words["newline"]}%0a{{"event":1}} HTTP/1.1\r\nHost: {host}\r\n\r\n',
        f"GET /static/..%2f..%2f{words['path']} HTTP/1.1\r\nHost: {host}\r\n\r\n",
    ):
        with suppress(OSError), _line(host) as line:
            line.sendall(request.encode())
            line.recv(4096)


def _line(host: str) -> socket.socket:
    name, _, port = host.partition(":")
    return socket.create_connection((name, int(port)), timeout=3)
