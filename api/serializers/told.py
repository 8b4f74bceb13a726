"""What stands in answers, and nothing else does: each is made of one of these.

Some fields are called as attributes of the framework's own classes, which it takes out of the way.
"""

from typing import Any

from rest_framework import serializers


class Coded(serializers.Serializer[Any]):
    """A word of a closed list."""

    code = serializers.CharField()
    label = serializers.CharField(help_text="As the pages say it.")  # type: ignore[assignment]


class Place(serializers.Serializer[Any]):
    """Somebody to ring."""

    name = serializers.CharField()
    telephone = serializers.CharField()


class Organisation(serializers.Serializer[Any]):
    """Where somebody works. `closed_on`: since when there is no such place any more."""

    name = serializers.CharField()
    closed_on = serializers.DateField(allow_null=True)


class Whose(serializers.Serializer[Any]):
    """Which source said so, and when it was last confirmed."""

    source = Coded()  # type: ignore[assignment]
    confirmed_on = serializers.DateField()


class Match(serializers.Serializer[Any]):
    """A child who fits: what tells two children apart, and why this one stands here."""

    child = serializers.CharField(help_text="A reference, good for this person in this session.")
    name = serializers.CharField()
    also = serializers.ListField(child=serializers.CharField(), help_text="Other names, with what they are.")
    date_of_birth = serializers.DateField()
    age = serializers.IntegerField()
    gender = Coded()
    locality = serializers.CharField(allow_null=True, help_text="Town and district; of a protected child none.")
    shielded = serializers.BooleanField(help_text="Whether the details are protected.")
    why = serializers.ListField(child=serializers.CharField(), help_text="What fits.")
    differs = serializers.ListField(
        child=serializers.CharField(), help_text="Of a child found by number: what is not as it was asked."
    )


class SearchTold(serializers.Serializer[Any]):
    """Who was found, best first: ten at most. Where more fit, nobody is shown, and what would narrow the search."""

    search = serializers.CharField(help_text="By which a search in this session can say that it goes on with this one.")
    matches = Match(many=True)
    too_many = serializers.BooleanField()
    refine = serializers.CharField(allow_null=True, help_text="What would narrow the search most.")


class Recalled(serializers.Serializer[Any]):
    """A child whose record the person opened."""

    child = serializers.CharField(help_text="A reference, good for this person in this session.")
    name = serializers.CharField()
    also = serializers.ListField(child=serializers.CharField())
    date_of_birth = serializers.DateField()
    age = serializers.IntegerField()
    gender = Coded()
    locality = serializers.CharField(allow_null=True)
    shielded = serializers.BooleanField()
    opened_at = serializers.DateTimeField()


class RecentTold(serializers.Serializer[Any]):
    """At most ten children of the last seven days, the last opened first."""

    children = Recalled(many=True)


class OtherName(serializers.Serializer[Any]):
    """A name that the child has besides, or had."""

    kind = Coded()
    name = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


class SaidBy(serializers.Serializer[Any]):
    """Whose words the parts at the head of the record are."""

    parts = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    confirmed_on = serializers.DateField()


class Differing(serializers.Serializer[Any]):
    """That sources say different things of one part."""

    part = serializers.CharField()
    told = serializers.CharField()


class Number(serializers.Serializer[Any]):
    """A number that somebody else gave."""

    kind = Coded()
    value = serializers.CharField()
    said_by = Whose()


class Address(serializers.Serializer[Any]):
    """Where the child lives or lived, or that no place is known."""

    state = Coded()
    lines = serializers.ListField(child=serializers.CharField())
    town = serializers.CharField(allow_null=True)
    postcode = serializers.CharField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True, help_text="Of an earlier address.")
    said_by = Whose()


class Guardian(serializers.Serializer[Any]):
    """A person with parental responsibility or care."""

    name = serializers.CharField()
    relation = Coded()
    parental_responsibility = serializers.BooleanField()
    lives_with_child = serializers.BooleanField()
    telephone = serializers.CharField(allow_null=True)
    said_by = Whose()


class Involvement(serializers.Serializer[Any]):
    """A service that works or worked with the child."""

    id = serializers.IntegerField(allow_null=True, help_text="Of those that the person may change; else null.")
    organisation = Organisation()
    service = Coded()
    practitioner = serializers.CharField()
    telephone = serializers.CharField()
    started_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    lead = serializers.BooleanField(help_text="Whether it is the lead professional.")
    own = serializers.BooleanField(help_text="Whether it is of the person’s own organisation.")
    said_by = Whose()


class RecordTold(serializers.Serializer[Any]):
    """The record as this person may see it. Of a protected child: who they are, and which authority is to be rung."""

    child = serializers.CharField(help_text="A reference, good for this person in this session.")
    reason = Coded()
    name = serializers.CharField()
    date_of_birth = serializers.DateField()
    age = serializers.IntegerField()
    gender = Coded()
    number = serializers.CharField(help_text="The registry’s own number.")
    date_of_death = serializers.DateField(allow_null=True)
    other_names = OtherName(many=True)
    said_by = SaidBy(many=True)
    differ = Differing(many=True)
    further_numbers = serializers.ListField(
        child=serializers.CharField(), help_text="The registry’s own numbers of records that were put under this one."
    )
    numbers = Number(many=True)
    addresses = Address(many=True)
    guardians = Guardian(many=True)
    involvements = Involvement(many=True, help_text="Of services that work with the child now, newest first.")
    ended_involvements = Involvement(many=True)
    sensitive_service = serializers.BooleanField(help_text="Whether a sensitive service is involved that is not named.")
    assessment_holder = serializers.CharField(allow_null=True, help_text="Who holds a common assessment.")
    shielded = serializers.BooleanField(help_text="Whether the details are protected, and hidden here.")
    authority = Place(help_text="Whom to ring.")
    leave_until = serializers.DateField(
        allow_null=True, help_text="Until when the person has leave to read a protected record."
    )
    kept_until = serializers.DateField(allow_null=True, help_text="Of a record that is kept to the 25th birthday.")
    may_record = serializers.BooleanField(help_text="Whether the person may record an involvement there.")


class BasisTold(serializers.Serializer[Any]):
    """Why a sensitive service was entered. Of an old entry the basis alone is known."""

    basis = Coded()
    decided_by = Coded(allow_null=True)
    competence = Coded(allow_null=True)
    decided_on = serializers.DateField(allow_null=True)


class InvolvementTold(serializers.Serializer[Any]):
    """An involvement of the person’s own organisation as it stands, to be changed."""

    id = serializers.IntegerField()
    service = Coded()
    practitioner = serializers.CharField()
    telephone = serializers.CharField()
    started_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    lead = serializers.BooleanField()
    basis = BasisTold(allow_null=True)


class Kept(serializers.Serializer[Any]):
    """The involvement that was recorded or changed. Its ETag is in the header of that name."""

    id = serializers.IntegerField()


class FollowingTold(serializers.Serializer[Any]):
    """By what the system knows that it follows a record: `sub_id` of each notice (RFC 9493, opaque)."""

    following = serializers.CharField(help_text="The same each time the same record is followed. Keep it.")
    until = serializers.DateField(help_text="The day on which it ends by itself.")


class MeTold(serializers.Serializer[Any]):
    """In whose name the system asks, and until when."""

    name = serializers.CharField()
    role = Coded()
    organisation = Place()
    services = Coded(many=True, help_text="Those whose involvement the person may record.")
    token_expires_at = serializers.DateTimeField()


class ListsTold(serializers.Serializer[Any]):
    """Every closed list from which something is sent, and the services that an answer may name."""

    reasons = Coded(many=True)
    genders = Coded(many=True)
    services = Coded(many=True)
    sensitive_services = Coded(many=True)
    bases = Coded(many=True)
    deciders = Coded(many=True)
    competences = Coded(many=True)
    mistakes = Coded(many=True)
    basis_ends = Coded(many=True)


class Wrong(serializers.Serializer[Any]):
    """What is wrong with one part of a request."""

    pointer = serializers.CharField(required=False, help_text="Where in the body it stands (RFC 6901).")
    parameter = serializers.CharField(required=False, help_text="Or which parameter of the query it is.")
    code = serializers.CharField()
    detail = serializers.CharField(help_text="What to do, in the words of the page.")


class Problem(serializers.Serializer[Any]):
    """Why something was not done (RFC 9457)."""

    type = serializers.URLField(help_text="Where the code is described.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What to do.")
    code = serializers.CharField(help_text="Stays the same, whatever the words become.")
    errors = Wrong(many=True)  # type: ignore[assignment]
    request_id = serializers.UUIDField(help_text="By which we find the request.")
