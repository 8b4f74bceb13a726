"""What the API is: as OpenAPI, and as a page of our own."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from access.door.routes import public
from access.systems.telling.tokens import KEYS, published
from api.document import ABOUT, described, document, oauth
from api.problems import Code


@public
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return JsonResponse(document())


@public
@require_safe
def resource(request: HttpRequest) -> HttpResponse:
    """Who gives out tokens for the API, and how they are shown (RFC 9728)."""
    return JsonResponse(
        {
            "resource": settings.SERVICE_ADDRESS,
            "authorization_servers": [settings.SIGN_IN_ADDRESS],
            "bearer_methods_supported": ["header"],
            "jwks_uri": f"{settings.SERVICE_ADDRESS}{KEYS}",
            "resource_documentation": f"{settings.SERVICE_ADDRESS}/api/",
        }
    )


@public
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The keys by which a system checks that it is we who told it something (RFC 7517)."""
    return JsonResponse(published())


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same to read."""
    told = {"about": ABOUT, "oauth": oauth(), "operations": described(), "codes": list(Code)}
    return render(request, "api/document.html", told)
