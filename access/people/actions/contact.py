"""What somebody is spared to type again about themselves."""

from django.db import transaction

from access.models import User
from audit.actors import Actor


@transaction.atomic
def remember_telephone(*, actor: Actor, telephone: str) -> None:
    """Keep, sealed with the actor's own name, the number on which they want to be rung. No event: it opens nothing.

    Call it after the transaction that it follows from: it locks the person's row, and whoever holds that and waits for
    a budget would wait for somebody who holds the budget and waits for the row.
    """
    user = User.objects.select_for_update().get(pk=actor.user_id)
    if user.telephone.open() != telephone:
        user.telephone = telephone
        user.save(update_fields=["telephone"])
