from typing import Any

from django.apps import AppConfig
from django.core.signals import request_finished


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        request_finished.connect(_settle)


def _settle(**_: Any) -> None:
    """Let the process know at once which of its numbers this request's failed transactions took with them."""
    from audit.numbering import writer  # needs the app registry

    writer().settle()
