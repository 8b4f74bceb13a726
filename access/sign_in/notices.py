"""That people are told by letter what was done to their ways in. The worker writes it (people/actions/notifying.py)."""

from django.db import connection

from access.models import NoticeKind


def notify(user_id: int, what: NoticeKind) -> None:
    """Have them told, if this transaction comes to pass. The database refuses where no event of it says so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_notify(%s, %s)", [user_id, what.value])
