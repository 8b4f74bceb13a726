"""API tokens, by which an organisation's own software is known. The table opens no door: it holds fingerprints."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from access.models.organisation import Organisation
from access.models.user import User
from encryption.fields import SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel, SealedQuerySet


class TokenManager(models.Manager.from_queryset(SealedQuerySet["ApiToken"])):  # type: ignore[misc]
    """Never asks for the fingerprint, which the web role may write but not read."""

    def get_queryset(self) -> models.QuerySet["ApiToken"]:
        tokens: models.QuerySet[ApiToken] = super().get_queryset().defer("token_fingerprint")
        return tokens


class ApiToken(SealedModel):
    """One token of one organisation, for which one administrator answers. The database says whether it is good."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="api_tokens")
    responsible = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    # What it is for, as its administrator calls it; sealed, since somebody may write a name there.
    label = SealedField(str)
    token_fingerprint = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    sealing_purpose: ClassVar[Purpose] = Purpose.USER
    objects = TokenManager()  # type: ignore[misc]

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="access_apitoken_expires_after_it_is_made", condition=Q(expires_at__gt=F("made_at"))
            ),
        )
