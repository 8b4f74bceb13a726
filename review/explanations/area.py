"""The child lives in the area for which the person's organisation has a duty that goes with the ground they gave."""

from collections.abc import Mapping
from datetime import date

from access.models import OrganisationKind
from audit.reasons import Reason
from review.examining.access import Access
from review.examining.known import Known
from review.explanations.base import Explanation

# Who answers for every child of an area, and on which ground they look at one with whom nobody of theirs works yet.
DUTIES: Mapping[str, frozenset[str]] = {
    OrganisationKind.AUTHORITY: frozenset({Reason.ENQUIRY, Reason.MISSING_EDUCATION, Reason.SAFEGUARDING}),
    OrganisationKind.POLICE: frozenset({Reason.ENQUIRY, Reason.SAFEGUARDING}),
    OrganisationKind.YOUTH_JUSTICE: frozenset({Reason.ENQUIRY, Reason.SAFEGUARDING}),
    OrganisationKind.COMMUNITY_HEALTH: frozenset({Reason.ENQUIRY, Reason.SAFEGUARDING}),
}
ON_DUTY = frozenset(reason for reasons in DUTIES.values() for reason in reasons)


class Area(Explanation):
    """The weakest of the reasons that explain: whoever works for a council could give it for each of its children."""

    code = "area"
    words = "The child is in their area, for which they have a duty on the ground that they gave"
    leaves = 0.8
    of_strangers = True

    def explain(self, access: Access, known: Known) -> date | None:
        place = known.places.get(access.organisation_id)
        if place is None or access.reason not in DUTIES.get(place.kind, ()):
            return None
        return access.day if place.authority_id in known.areas_of(access.child_id, access.day) else None
