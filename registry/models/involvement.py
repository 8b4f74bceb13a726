"""Who works with a child."""

from django.db import connection, models
from django.db.models import Q

from encryption.errors import StaleRowError
from encryption.fields import SealedField
from registry.models.child import ChildRow
from registry.values import InvolvementDetails, Withdrawal


class Involvement(ChildRow):
    """An organisation's service contact with a child. Which organisation is sealed too: it would tell where a child
    lives, and which of them goes to a sensitive service (docs/adr/0004).

    One that was withdrawn, as a mistake (docs/adr/0024) or since nothing allows it any more (docs/adr/0041), stays, and
    the web role sees it no more.
    """

    lead = models.BooleanField("lead professional", default=False)
    # Wide enough that a sensitive service, which carries how its basis was decided, is no longer than a GP practice.
    details = SealedField(InvolvementDetails, pad_to=448)
    withdrawal = SealedField(Withdrawal, optional=True, null=True, pad_to=128)

    class Meta:
        constraints = (
            # Besides, by a constraint: one that was withdrawn leads nothing.
            models.UniqueConstraint(name="registry_involvement_one_lead", fields=("child",), condition=Q(lead=True)),
        )

    def withdraw(self, withdrawal: Withdrawal) -> None:
        """Hide it for good. Call it after the event that says so, as the web role.

        Raises StaleRowError when it changed after it was read, and where no event of this transaction allows it.
        """
        self.withdrawal = withdrawal
        (field,) = (each for each in self.sealed_fields() if each.attname == "withdrawal")
        sealed = bytes(field.pre_save(self, add=False) or b"")
        with connection.cursor() as cursor:
            cursor.execute("SELECT registry_involvement_withdraw(%s, %s, %s)", [self.pk, self.row_version, sealed])
            withdrawn = cursor.fetchone()
        if withdrawn != (True,):
            raise StaleRowError(f"Involvement {self.pk} changed after it was read.")
