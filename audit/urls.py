"""Addresses of the access log."""

from django.urls import path

from audit.views import log

urlpatterns = [
    path("", log.log_page, name="log"),
    path("<int:event_id>/", log.event_page, name="event"),
]
