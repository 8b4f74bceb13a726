"""Addresses of pages about people and their access."""

from django.urls import path

from access.views import people, signed_in

urlpatterns = [
    path("people/", people.people, name="people"),
    path("my-access/", people.my_access, name="my_access"),
    path("security/signed-in/", signed_in.signed_in, name="signed_in"),
]
