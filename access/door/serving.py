"""Which of the two processes that people meet serves a page: the one that signs them in, or the web process.

They are the same code at two addresses, with other keys and another role of the database each (docs/adr/0029). On one
address a web process that was taken over could run a script on the page where passwords are typed. A link to the other
one's page is the path alone: whoever is asked for it leads there.
"""

from collections.abc import Callable
from enum import StrEnum

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from access.door.routes import EVERYWHERE_PATHS, SIGN_IN_PATHS


class Server(StrEnum):
    """A process that people meet, named as its database role."""

    WEB = "web"
    SIGN_IN = "sign_in"


def signs_in() -> bool:
    """Whether this process is the one that signs people in."""
    return bool(settings.SERVES == Server.SIGN_IN)


def server_of(path: str) -> Server | None:
    """Who serves the page of that path; None where both do."""
    if path.startswith(EVERYWHERE_PATHS):
        return None
    return Server.SIGN_IN if path.startswith(SIGN_IN_PATHS) else Server.WEB


class ServingMiddleware:
    """Leads whoever asks for a page of the other process there. A form that was sent to the wrong one is not found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponse | None:
        server = server_of(request.path_info)
        if server in (None, settings.SERVES):
            return None
        if request.method not in ("GET", "HEAD"):
            raise Http404
        address = settings.SIGN_IN_ADDRESS if server == Server.SIGN_IN else settings.SERVICE_ADDRESS
        return HttpResponseRedirect(f"{address}{request.get_full_path()}")
