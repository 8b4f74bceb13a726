"""Addresses at which systems and the people who let one act for them meet (docs/api.md)."""

from django.urls import path

from access.systems.views import oauth

urlpatterns = [
    path(".well-known/oauth-authorization-server", oauth.metadata, name="oauth_metadata"),
    path("oauth/authorize", oauth.authorize, name="oauth_authorize"),
    path("oauth/allow", oauth.allow, name="oauth_allow"),
    path("oauth/token", oauth.token, name="oauth_token"),
    path("oauth/revoke", oauth.revoke, name="oauth_revoke"),
]
