"""An urgent shield that nobody confirms stays, and is not forgotten: auditors of its authority are alerted."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert
from registry.models import ShieldRequest

WATCH = "watch"
CONFIRM_WITHIN = timedelta(days=3)


def confirm_by(asked_at: datetime) -> datetime:
    """Until when an urgent request is to be decided and approved. Nothing opens after that."""
    return asked_at + CONFIRM_WITHIN


@transaction.atomic
def watch_shields() -> int:
    """Alert about each urgent request that is late: one alert each, counted on. For the worker. Returns how many."""
    late = (
        ShieldRequest.objects.filter(urgent=True, approved_at=None, asked_at__lt=timezone.now() - CONFIRM_WITHIN)
        .order_by("id")
        .values_list("pk", "child__responsible_authority")
    )
    for request_id, authority in late:
        raise_alert(
            Alert.UNCONFIRMED, actor=Process(WATCH, None, authority, authority), subject=f"request.{request_id}"
        )
    return len(late)
