"""What whoever signs people in asks about somebody who is not signed in yet."""

from django.db import connection


def awaits_new_sign_in(user_id: int) -> bool:
    """Whether two administrators agreed to give them a new sign-in, which they have not set up yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_awaits_new_sign_in(%s)", [user_id])
        (awaits,) = cursor.fetchone()
    return bool(awaits)
