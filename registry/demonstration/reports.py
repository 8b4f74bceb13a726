"""Two things that practitioners of the demonstration reported as wrong, for its council to answer.

Written by the owner, since nobody is signed in who could report anything; the worker looks their sources up as any
others'. To do it again changes nothing.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from access.models import Organisation, OrganisationKind, Role, User, UserState
from audit.reported import ReportedPart
from registry.models import Child, Report, Reporter, Shield

# What is reported, and how many days ago.
WRONG = ((ReportedPart.ADDRESS, 9), (ReportedPart.SCHOOL, 2))
WHO_REPORT = (OrganisationKind.AUTHORITY, OrganisationKind.SCHOOL)


@transaction.atomic
def make(council: Organisation) -> list[Report]:
    """Make them, unless something was reported already. Returns all that is reported."""
    if not Report.objects.exists():
        shielded = Shield.objects.filter(ended_on=None).values("child")
        children = Child.objects.filter(responsible_authority=council).exclude(pk__in=shielded).order_by("pk")
        people = User.objects.filter(role=Role.PRACTITIONER, state=UserState.ACTIVE, organisation__kind__in=WHO_REPORT)
        people = people.order_by("pk").select_related("organisation")
        for (part, days), child, person in zip(WRONG, children[: len(WRONG)], people[: len(WRONG)], strict=True):
            at = timezone.now() - timedelta(days=days)
            report = Report(child=child, part=part, made_at=at, outcome="", steps=0)
            report.save()
            Reporter.objects.create(report=report, person=person, organisation=person.organisation, reported_at=at)
    return list(Report.objects.order_by("pk"))
