"""Addresses of the pages on which systems are accredited, and of what they and their people ask of each other."""

from django.urls import path

from access.systems.views import oauth, systems

urlpatterns = [
    path("systems/", systems.systems, name="systems"),
    path("systems/ask/", systems.ask_for_system, name="ask_for_system"),
    path("systems/<int:system_id>/", systems.system, name="system"),
    path("systems/<int:system_id>/accredit/", systems.accredit_system, name="accredit_system"),
    path("systems/<int:system_id>/revoke/", systems.revoke_system, name="revoke_system"),
    path(".well-known/oauth-authorization-server", oauth.metadata, name="oauth_metadata"),
    path("oauth/authorize", oauth.authorize, name="oauth_authorize"),
    path("oauth/allow", oauth.allow, name="oauth_allow"),
    path("oauth/token", oauth.token, name="oauth_token"),
    path("oauth/revoke", oauth.revoke, name="oauth_revoke"),
]
