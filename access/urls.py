"""Addresses of pages about people and their access."""

from django.urls import path

from access.views import people

urlpatterns = [
    path("people/", people.people, name="people"),
    path("my-access/", people.my_access, name="my_access"),
]
