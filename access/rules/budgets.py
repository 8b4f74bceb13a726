"""Puts the budgets of the settings (BUDGETS) into the database, which counts and holds users to them.

Each event that discloses something is charged as it is recorded (access/sql/functions/access_charge.sql). Where a
budget is spent the event fails, and with it all that the transaction would have shown. The person is told which limit
it was, and that it frees itself hour by hour; the refusal is recorded, and the auditors are alerted. One alert for each
person and measure, which counts what follows (door/refusals.py: _over_budget).
"""

from typing import Any

from django.conf import settings
from django.db import transaction

from access.models import Budget


def apply_after_migrating(using: str, **_: Any) -> None:
    """Receiver of post_migrate: the budgets are those of the settings and no others."""
    wanted = [
        Budget(role=role, measure=measure, hourly=hourly, daily=daily)
        for role, measures in settings.BUDGETS.items()
        for measure, (hourly, daily) in measures.items()
    ]
    with transaction.atomic(using=using):
        Budget.objects.using(using).all().delete()
        Budget.objects.using(using).bulk_create(wanted)
