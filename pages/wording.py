"""How days are written in the sentences that views make; templates have a filter of their own."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format


def long_date(day: date) -> str:
    """A day as GOV.UK writes it: 4 March 2019."""
    return str(date_format(day, "j F Y"))


def short_date(day: date) -> str:
    """A day where there is little room: 4 Mar 2019."""
    return str(date_format(day, "j M Y"))


def long_moment(moment: datetime) -> str:
    """A moment in the service’s time zone, of 24 hours like every other that we write: 4 March 2019 at 14:32."""
    local = timezone.localtime(moment)
    return f"{long_date(local.date())} at {date_format(local, 'H:i')}"
