"""Who sends what is said of children, and how."""

from django.db import models
from django.db.models import Q

from access.models import Organisation
from feeds.readers import Format
from registry.vocabulary import Source


class Supplier(models.Model):
    """One feed: of one source, in one format, kept by the administrators of one organisation.

    What a source may say, and whose word counts, stands in feeds/rules/precedence.py. `columns` says, for CSV, which
    column holds what. `usual_linked` is how many in a thousand rows are about children on record, once that is known.
    Where `asks` is not set, a batch that is as usual is let in by itself.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=20, choices=Source.choices)
    format = models.CharField(max_length=20, choices=Format.choices)
    columns = models.JSONField(null=True)
    must_supply = models.BooleanField(default=False)
    asks = models.BooleanField(default=True)
    usual_linked = models.PositiveSmallIntegerField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="feeds_supplier_one_of_a_format", fields=("organisation", "source", "format")),
            models.CheckConstraint(
                name="feeds_supplier_codes_are_known",
                condition=Q(
                    source__in=[each.value for each in Source if each != Source.PRACTITIONER],
                    format__in=[each.value for each in Format],
                ),
            ),
            models.CheckConstraint(name="feeds_supplier_usual_is_a_share", condition=Q(usual_linked__lte=1000)),
        )

    def __str__(self) -> str:
        return f"supplier {self.pk}"
