"""Addresses of the pages on which systems are accredited."""

from django.urls import path

from access.systems.views import systems

urlpatterns = [
    path("systems/", systems.systems, name="systems"),
    path("systems/ask/", systems.ask_for_system, name="ask_for_system"),
    path("systems/<int:system_id>/", systems.system, name="system"),
    path("systems/<int:system_id>/accredit/", systems.accredit_system, name="accredit_system"),
    path("systems/<int:system_id>/revoke/", systems.revoke_system, name="revoke_system"),
]
