"""Addresses of lists, yearly confirmations, and of what software calls with a token."""

from django.urls import path

from access.people.views import recertify
from access.software.api import leavers, scim
from access.software.views import invite_list, leaver_list

urlpatterns = [
    path("people/invite/list/", invite_list.invite_list, name="invite_list"),
    path("people/invite/list/check/", invite_list.check_invitations, name="check_invitations"),
    path("people/leavers/", leaver_list.leaver_list, name="leaver_list"),
    path("people/leavers/check/", leaver_list.check_leavers, name="check_leavers"),
    path("people/confirm/", recertify.employers, name="employers"),
    path("people/confirm/<int:organisation_id>/<int:number>/", recertify.confirm_people, name="confirm_people"),
    path("people/confirm/<int:organisation_id>/check/", recertify.check_confirmations, name="check_confirmations"),
    path("feeds/leavers/", leavers.send_leavers, name="send_leavers"),
    path("scim/v2/ServiceProviderConfig", scim.configuration, name="scim_configuration"),
    path("scim/v2/ResourceTypes", scim.resource_types, name="scim_resource_types"),
    path("scim/v2/ResourceTypes/<str:name>", scim.resource_types, name="scim_resource_type"),
    path("scim/v2/Schemas", scim.schemas, name="scim_schemas"),
    path("scim/v2/Schemas/<str:name>", scim.schemas, name="scim_schema"),
    path("scim/v2/Users", scim.users, name="scim_users"),
    path("scim/v2/Users/.search", scim.search, name="scim_search"),
    path("scim/v2/Users/<int:user_id>", scim.user, name="scim_user"),
    path("scim/v2/<path:rest>", scim.elsewhere, name="scim_elsewhere"),
]
