"""Turns taken at a person's second factors."""

from access.models import User


def take_turn(user: User) -> None:
    """Wait until nobody else changes the user's second factors, and keep others waiting until the transaction ends.

    Two tabs that each remove one factor would otherwise both find that the other one stays. Raises
    TransactionManagementError outside a transaction, where it would hold nobody up.
    """
    User.objects.select_for_update().get(pk=user.pk)
