"""Somebody who is near to a child looks at the record on day after day, whatever reason there is."""

from datetime import timedelta

from review.examining.access import Access
from review.examining.known import Known, Person
from review.rules.base import OfPace
from review.rules.same_home import share


def is_near(subject: Person, child_id: int, known: Known) -> bool:
    """Whether a home, a postcode or a telephone number is theirs and the child's. Not a name: names make no case."""
    own, child = subject.traits, known.child(child_id)
    by_place = share(own.postcodes, child.postcodes) or share(own.homes, child.homes)
    return by_place or share(own.telephones, child.telephones)


class ComesBack(OfPace):
    """A reason explains a look, and another; who works at the school of a neighbour's child has looked at it before. It
    does not explain that it is this child again and again. Each finding says what all of them come to.
    """

    code = "comes_back"
    words = "The user came back again and again to a child to whom somebody is near in private life"
    brief = "Near in private life"

    def bits(self, access: Access, known: Known) -> float:
        subject = known.person(access.person_id)
        if subject is None or not is_near(subject, access.child_id, known):
            return 0.0
        since = access.at - timedelta(days=self.weight.days)
        days = {each.day for each in known.returns.get((access.person_id, access.child_id), ()) if each.at >= since}
        days |= {each.day for each in known.openings.get(access.child_id, ()) if each.person_id == access.person_id}
        return self.weight.within(self.weight.each * (len(days | {access.day}) - self.weight.fewest))
