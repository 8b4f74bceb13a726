"""Puts the budgets of the settings into the database, which holds users to them."""

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
