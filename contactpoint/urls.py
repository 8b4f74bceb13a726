"""Every address of the service."""

from django.urls import include, path

from access.systems.telling.tokens import KEYS
from api.views.document import keys, resource
from contactpoint import health
from contactpoint.start import accessibility, help_page, home, privacy
from pages.problems import RESOURCE

urlpatterns = [
    path("", home, name="home"),
    path("", include("registry.urls")),
    path("", include("access.urls")),
    path("", include("feeds.urls")),
    path("", include("review.case_urls")),
    path("log/", include("review.urls")),
    path("api/v1/", include("feeds.api.urls")),
    path("api/", include("api.urls")),
    path("api/fhir/R4/", include("api.fhir.urls")),
    path(RESOURCE.removeprefix("/"), resource, name="oauth_resource"),
    path(KEYS.removeprefix("/"), keys, name="telling_keys"),
    path("account/", include("allauth.account.urls")),
    path("security/", include("allauth.mfa.urls")),
    path("help/", help_page, name="help"),
    path("privacy/", privacy, name="privacy"),
    path("accessibility/", accessibility, name="accessibility"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
]

handler400 = "contactpoint.errors.bad_request"
handler403 = "contactpoint.errors.refused"
handler404 = "contactpoint.errors.not_found"
handler429 = "contactpoint.errors.too_many"  # allauth asks for it
handler500 = "contactpoint.errors.failed"
