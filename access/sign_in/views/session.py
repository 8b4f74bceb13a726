"""Until when one stays signed in, for the script of a page to ask, and staying signed in."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access.door.lasting import Standing, lasting
from access.door.routes import public
from access.door.sessions import SEEN, session_of


@public
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """How long the session lasts. A POST says that its person is there, and moves the idle limit on."""
    if request.method == "POST" and request.user.is_authenticated:
        session_of(request)[SEEN] = timezone.now().isoformat()
    lasts = lasting(request)
    if lasts is None:
        return JsonResponse({"standing": Standing.ENDED})
    return JsonResponse(
        {"standing": lasts.standing, "id": lasts.id, "seconds": lasts.seconds, "longest": lasts.longest_seconds}
    )
