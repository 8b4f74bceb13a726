"""Keeping views of the log, and letting them go. Of no person and no record, so that none of it is an event."""

from django.db import IntegrityError, transaction

from audit.actors import Actor
from review.models import SavedView
from review.selectors.entries import Filter
from review.selectors.saved_views import MOST_KEPT


class TooManyViewsError(Exception):
    """As many are kept as may be: one has to go first."""


def keep_view(*, actor: Actor, wanted: Filter, days: int | None) -> None:
    """Keep what the filter asks for but its days; instead so many `days` up to the one on which it is looked at.

    What is kept already stays as it is. Raises TooManyViewsError.
    """
    if SavedView.objects.filter(user_id=actor.user_id).count() >= MOST_KEPT:
        raise TooManyViewsError
    view = SavedView(
        user_id=actor.user_id,
        kind=wanted.kind or "",
        reason=wanted.reason,
        organisation_id=wanted.organisation_id,
        days=days,
        readings=wanted.readings,
        alerts=wanted.alerts,
        apart=wanted.apart,
    )
    try:
        with transaction.atomic():
            view.save(force_insert=True)
    except IntegrityError:
        return


def drop_view(*, actor: Actor, view_id: int) -> None:
    """Keep it no longer. Nothing happens where it is not there any more."""
    SavedView.objects.filter(user_id=actor.user_id, pk=view_id).delete()
