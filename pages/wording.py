"""How days are written in the sentences that views make; templates have a filter of their own."""

from datetime import date

from django.utils.formats import date_format


def long_date(day: date) -> str:
    """A day as GOV.UK writes it: 4 March 2019."""
    return str(date_format(day, "j F Y"))
