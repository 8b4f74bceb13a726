"""The formats in which suppliers send."""

from django.db.models import TextChoices


class Format(TextChoices):
    """How what a supplier sends is written."""

    DELIMITED = "delimited", "CSV, with columns as agreed"
    COMMON_TRANSFER = "common_transfer", "Common Transfer File (Department for Education)"
    DEMOGRAPHICS = "demographics", "FHIR patients of the Personal Demographics Service"
    BIRTHS = "births", "Registrations of births"
    DEATHS = "deaths", "Registrations of deaths"
