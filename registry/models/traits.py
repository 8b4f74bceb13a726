"""What of a child can be compared (registry/traits/values.py)."""

from django.db import models

from encryption.fields import SealedBytes
from registry.models.child import Child


class ChildTraits(models.Model):
    """A child's traits, made of the record when it was as `row_version` says. The worker writes, the examiner reads."""

    # PostgreSQL itself lets them go with the child, as the tokens do (migration 0010).
    child = models.OneToOneField(
        Child, on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    row_version = models.PositiveIntegerField()
    traits = SealedBytes()

    def __str__(self) -> str:
        return f"traits of child {self.pk}"
