from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API for systems."""

    name = "api"
