from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ContactpointConfig(AppConfig):
    name = "contactpoint"

    def ready(self) -> None:
        from contactpoint.grants import apply_after_migrating  # needs the app registry

        # The signal comes once for each app that has models, ours last; only then are all tables there.
        post_migrate.connect(apply_after_migrating, sender=apps.get_app_config("registry"))
