"""The service with one page more: a dangerous step, whose every doing is kept in `done`."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from access.door.confirming import typed
from access.door.routes import recently_confirmed, requires, vetted
from access.rules.roles import Permission
from contactpoint import urls

done: list[dict[str, list[str]]] = []


@vetted
@recently_confirmed
def step(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        done.append({name: texts for name, texts in request.POST.lists() if name != "csrfmiddlewaretoken"})
    filled = typed(request)
    return HttpResponse(
        f"{request.method} of the dangerous step" + (f", filled in: {filled.urlencode()}" if filled else "")
    )


@recently_confirmed
@requires(Permission.LOG_READ)
def step_of_auditors(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never seen by others")


urlpatterns = [
    path("dangerous/", step, name="dangerous"),
    path("dangerous/auditors/", step_of_auditors, name="dangerous_for_auditors"),
    *urls.urlpatterns,
]
for name in ("handler400", "handler403", "handler404", "handler429", "handler500"):
    globals()[name] = getattr(urls, name)
