"""What of a user can be compared with what is known of children (access/people/traits.py)."""

from django.db import models

from access.models.user import User
from encryption.fields import SealedBytes


class UserTraits(models.Model):
    """A user's traits, made of their row when it was as `row_version` says. The worker writes, the examiner reads."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    row_version = models.PositiveIntegerField()
    traits = SealedBytes()

    def __str__(self) -> str:
        return f"traits of user {self.pk}"
