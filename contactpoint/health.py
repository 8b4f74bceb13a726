"""Whether the process lives, and whether it can do its work."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from access.door.routes import public
from encryption import keyring


@public
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("live\n", content_type="text/plain")


@public
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Keys, database and cache are there; else an error, which a load balancer reads as "not yet"."""
    keyring.current()
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    cache.get("ready")
    return HttpResponse("ready\n", content_type="text/plain")
