"""An urgent shield that nobody confirms stays, and is not forgotten: auditors of its authority are alerted."""

from django.db import transaction
from django.utils import timezone

from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert
from registry.models import ShieldRequest
from registry.selectors.shields import CONFIRM_WITHIN

WATCH = "watch"


@transaction.atomic
def watch_shields() -> int:
    """Alert about each urgent request that is late: one alert each, counted on. For the worker. Returns how many.

    Not about a record that is closed, archived or lies under another, whose requests nobody sees or can decide.
    """
    late = (
        ShieldRequest.objects.filter(urgent=True, approved_at=None, asked_at__lt=timezone.now() - CONFIRM_WITHIN)
        .filter(child__severed=False, child__archived=False, child__merged_into=None)
        .order_by("id")
        .values_list("pk", "child__responsible_authority")
    )
    for request_id, authority in late:
        raise_alert(
            Alert.UNCONFIRMED, actor=Process(WATCH, None, authority, authority), subject=f"request.{request_id}"
        )
    return len(late)
