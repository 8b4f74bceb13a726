"""What of a user can be compared with what is known of children (access/people/traits.py)."""

from typing import ClassVar

from django.db import models

from access.models.user import User
from encryption.fields import SealedBytes, SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel


class UserTraits(models.Model):
    """A user's traits, made of their row when it was as `row_version` says, and of so many homes that they had told.

    The worker writes, the examiner reads.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    row_version = models.PositiveIntegerField()
    homes_told = models.PositiveSmallIntegerField(default=0)
    traits = SealedBytes()

    def __str__(self) -> str:
        return f"traits of user {self.pk}"


class OwnHome(SealedModel):
    """A home that a user told as their own: three fingerprints of it, and never the address. It stays when they move.

    As `access.people.traits.Home` has them: home, postcode, sector.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    prints = SealedField(tuple[int, int, int], pad_to=64)

    sealing_purpose: ClassVar[Purpose] = Purpose.USER
