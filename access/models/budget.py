"""How much a user may see, and how much they have seen. The database counts and refuses (rules/budgets.py)."""

from django.db import models

from access.models.user import User


class Measure(models.TextChoices):
    """What is counted."""

    SEARCHES = "searches", "searches"
    CANDIDATES = "candidates", "records that searches came upon"
    IDENTITIES = "identities", "children shown in results or on a page"
    RECORDS = "records", "records opened"
    LOOKUPS = "lookups", "numbers looked up in the access log"
    UNPLACED = "unplaced", "children shown in the list of those with no education setting"
    COMPARED = "compared", "records compared with another"
    REPORTS = "reports", "things reported as wrong on records"


class Budget(models.Model):
    """The most that a user of `role` may use within an hour, and within 24. Written from the settings by `migrate`."""

    pk = models.CompositePrimaryKey("role", "measure")
    role = models.CharField(max_length=20)
    measure = models.CharField(max_length=20)
    hourly = models.PositiveIntegerField()
    daily = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.role} {self.measure}: {self.hourly} an hour, {self.daily} a day"


class Usage(models.Model):
    """What a user used in one hour."""

    pk = models.CompositePrimaryKey("user", "measure", "hour")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=20)
    hour = models.DateTimeField()
    used = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.used} {self.measure}"
