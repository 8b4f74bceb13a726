"""Who works with a child."""

from django.db import models
from django.db.models import Q

from encryption.fields import SealedField
from registry.models.child import ChildRow
from registry.values import InvolvementDetails


class Involvement(ChildRow):
    """An organisation's service contact with a child. Which organisation is sealed too: it would tell where a child
    lives, and which of them goes to a sensitive service (docs/adr/0004)."""

    lead = models.BooleanField("lead professional", default=False)
    # Wide enough that a sensitive service, which carries its basis, is no longer than a GP practice.
    details = SealedField(InvolvementDetails, pad_to=384)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="registry_involvement_one_lead", fields=("child",), condition=Q(lead=True)),
        )
