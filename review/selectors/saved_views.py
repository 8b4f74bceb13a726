"""The views of the log that somebody keeps for themselves."""

from review.models import SavedView

MOST_KEPT = 20


def saved_views(user_id: int) -> list[SavedView]:
    """Theirs, the newest first, with the organisations."""
    return list(SavedView.objects.filter(user_id=user_id).select_related("organisation").order_by("-pk"))


def saved_view(user_id: int, view_id: int) -> SavedView | None:
    """That one, if it is theirs."""
    return SavedView.objects.filter(user_id=user_id, pk=view_id).select_related("organisation").first()
