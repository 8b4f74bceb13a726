"""Who a user is to the service: one of four. What each may do is said by `access.rules.roles`."""

from django.db.models import TextChoices


class Role(TextChoices):
    """Who a user is to the service."""

    PRACTITIONER = "practitioner", "Practitioner"
    MEDIATOR = "mediator", "Mediator"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"

    @property
    def holder(self) -> str:
        """One sentence on who holds the role."""
        return HOLDERS[self]


HOLDERS: dict[Role, str] = {
    Role.PRACTITIONER: "Works with children: a teacher, health visitor, social worker or police officer.",
    Role.MEDIATOR: "Looks up on behalf of a vetted colleague who has no terminal.",
    Role.ADMINISTRATOR: (
        "Vets and suspends the users of their own organisations, decides about protected children. Opens no record."
    ),
    Role.AUDITOR: "Reads the access log of their own authorities. Cannot open a record.",
}
