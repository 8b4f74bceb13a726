"""Which cohorts of records nobody can open any more."""

from django.db import models


class DestroyedCohort(models.Model):
    """A key of a cohort that was destroyed, with the certificate in the log (registry/worker/retention.py).

    `month` is the first day of that in which the cohort's records were destroyed. `commitment` fits that key and no
    other: whoever kept a copy of it against all rules can be told by it.
    """

    month = models.DateField()
    key_number = models.BigIntegerField()
    commitment = models.BinaryField(max_length=32)
    destroyed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="registry_destroyedcohort_each_key_once", fields=("key_number",)),)

    def __str__(self) -> str:
        return f"cohort of {self.month:%Y-%m}, key {self.key_number:08x}"
