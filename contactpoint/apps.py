from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ContactpointConfig(AppConfig):
    name = "contactpoint"

    def ready(self) -> None:
        from access.rules import budgets  # these need the app registry
        from contactpoint import granting, roles

        # The signal comes once for each app that has models, ours last; only then are all tables there.
        for receiver in (
            budgets.apply_after_migrating,
            granting.apply_after_migrating,
            roles.set_passwords_after_migrating,
        ):
            post_migrate.connect(receiver, sender=apps.get_app_config("review"))
