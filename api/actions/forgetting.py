"""What the worker forgets of entries that were sent once."""

from datetime import timedelta

from django.utils import timezone

from api.models import Idempotency

KEPT = timedelta(hours=24)


def forget() -> None:
    """Forget keys that were taken a day ago: the database lets the worker see no others."""
    Idempotency.objects.filter(taken_at__lte=timezone.now() - KEPT).delete()
