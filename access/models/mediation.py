"""Telephone calls in which a mediator looks up in the name of a vetted colleague who has no terminal."""

from django.db import models
from django.db.models import F, Q

from access.models.session import Session
from access.models.user import User


class Mediation(models.Model):
    """A mediator answers for `colleague`, in one session and for twenty minutes at most.

    Written only by functions of the database, each beside its event. It goes with the session; that it
    was there is in the access log.
    """

    mediator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    colleague = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The database removes it with its session: who ends sessions sees no call.
    session = models.ForeignKey(
        Session, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="access_mediation_one_in_a_session", fields=("session",), condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="access_mediation_for_somebody_else", condition=~Q(mediator=F("colleague"))),
            models.CheckConstraint(
                name="access_mediation_expires_after_it_begins", condition=Q(expires_at__gt=F("begun_at"))
            ),
        )

    def __str__(self) -> str:
        return f"mediation {self.pk}"
