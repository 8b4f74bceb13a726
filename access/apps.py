from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"

    def ready(self) -> None:
        # Receivers connect when imported.
        from access.sign_in import events as sign_in_events  # noqa: F401
