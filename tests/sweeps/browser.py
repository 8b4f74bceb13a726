"""A browser without a screen: keeps cookies, reads the forms of a page, sends them, and remembers what it met."""

import http.client
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from django.urls import Resolver404, resolve

from access.door.serving import Server, server_of
from tests.service import Service

TIMEOUT = 60
URLENCODED = "application/x-www-form-urlencoded"


@dataclass
class Form:
    """A form of a page: where it is sent, and its boxes with what stands in them."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass
class Answer:
    """What came back. `forms` are those of the page."""

    path: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def shows(self, text: str) -> bool:
        """Whether the page shows `text`, however it is escaped."""
        return text in unescape(self.text)

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    def forms(self) -> list[Form]:
        reader = _FormReader(self.path)
        if "text/html" in self.headers.get("Content-Type", ""):
            reader.feed(self.text)
        return reader.forms

    def form(self, having: str) -> Form:
        """The form that has the box `having`."""
        for form in self.forms():
            if having in form.values:
                return form
        raise AssertionError(f"{self.path} ({self.status}) has no form with {having}:\n{self.text[-3000:]}")

    def main_form(self) -> Form:
        """The last form that does something else than sign out."""
        others = [form for form in self.forms() if form.method == "post" and route_of(form.action) != "account_logout"]
        assert others, f"{self.path} ({self.status}) has no form:\n{self.text[-3000:]}"
        return others[-1]


@dataclass
class Travels:
    """What all browsers of a sweep met: forms seen, boxes filled, answers given."""

    seen: set[tuple[str, str]] = field(default_factory=set)
    filled: set[tuple[str, str]] = field(default_factory=set)
    answers: list[Answer] = field(default_factory=list)


class Browser:
    """One person's browser at the service; it asks each page of the process that serves it."""

    def __init__(self, service: Service, travels: Travels) -> None:
        self.hosts = {
            Server.WEB: urlsplit(service.address).netloc,
            Server.SIGN_IN: urlsplit(service.sign_in_address).netloc,
        }
        self.at = Server.WEB
        self.travels = travels
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers=headers)

    def send(
        self, method: str, path: str, body: bytes = b"", *, kind: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request and follow nothing."""
        parts = urlsplit(path)
        path = urljoin("/", parts._replace(scheme="", netloc="").geturl())
        self.at = server_of(parts.path) or self.at
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        sent |= self.headers | (headers or {})
        if kind:
            sent["Content-Type"] = kind
        connection = http.client.HTTPConnection(self.hosts[self.at], timeout=TIMEOUT)
        try:
            connection.request(method, path, body or None, sent)
            response = connection.getresponse()
            answer = Answer(path, response.status, response.headers, response.read())
        finally:
            connection.close()
        self._remember(answer)
        return answer

    def follow(self, answer: Answer) -> Answer:
        """Go where redirects lead."""
        for _ in range(5):
            if not answer.location:
                return answer
            answer = self.get(urljoin(answer.path, answer.location))
        raise AssertionError(f"{answer.path} redirects without end")

    def fill(self, form: Form, **typed: str) -> Answer:
        """Send `form` with `typed` in its boxes."""
        self.travels.filled |= {(route_of(form.action), name) for name in typed}
        body = urlencode({**form.values, **typed})
        if form.method == "get":
            return self.get(f"{urlsplit(form.action).path}?{body}")
        return self.send("POST", form.action, body.encode(), kind=URLENCODED)

    def upload(self, form: Form, box: str, contents: bytes, *, file_name: str) -> Answer:
        """Send `form` with a file in its one box for files."""
        self.travels.filled.add((route_of(form.action), box))
        limit = "limit-of-the-parts"
        parts = [
            f'--{limit}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in form.values.items()
            if name != box
        ]
        head = f'--{limit}\r\nContent-Disposition: form-data; name="{box}"; filename="{file_name}"\r\n\r\n'
        body = b"".join([*parts, head.encode(), contents, f"\r\n--{limit}--\r\n".encode()])
        return self.send("POST", form.action, body, kind=f"multipart/form-data; boundary={limit}")

    def _remember(self, answer: Answer) -> None:
        self.travels.answers.append(answer)
        for form in answer.forms():
            self.travels.seen |= {(route_of(form.action), name) for name in form.values}
        for header in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value


def route_of(path: str) -> str:
    """The name of the route that `path` leads to."""
    try:
        return str(resolve(urlsplit(path).path).url_name)
    except Resolver404:
        return "no route"


class _FormReader(HTMLParser):
    """Collects forms. Of radios it takes the name alone: which is chosen is the filler's business."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._path = path
        self._open = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            action = urljoin(self._path, given.get("action") or self._path)
            self.forms.append(Form(action, (given.get("method") or "get").lower()))
            self._open = True
        elif self._open and tag in {"input", "select", "textarea", "button"} and given.get("name"):
            chosen = "checked" in given or given.get("type") not in {"radio", "checkbox"}
            self.forms[-1].values[str(given["name"])] = (given.get("value") or "") if chosen else ""

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"
