"""Names of organisations, which are public. After the block that reads the log alone, which reads nothing else."""

from collections.abc import Iterable

from access.models import Organisation


def names_of_organisations(ids: Iterable[int]) -> dict[int, str]:
    """The name of each, by id; whichever is not there any more has a number."""
    wanted = set(ids)
    known = dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return {each: known.get(each, f"organisation {each}") for each in wanted}


def works_within(organisation_id: int | None, authorities: Iterable[int]) -> bool:
    """Whether one of these authorities answers for the organisation."""
    place = None if organisation_id is None else Organisation.objects.filter(pk=organisation_id).first()
    return place is not None and (place.responsible_authority_id or place.pk) in set(authorities)
