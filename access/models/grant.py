"""Who administers, applies for or audits which organisation, until when: guardian's permission on one object."""

from django.db import models
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from access.models.organisation import Organisation
from access.models.user import User


class Grant(UserObjectPermissionBase):  # type: ignore[misc]
    """A permission (access.rules.grants) of one user on one organisation. It ends by itself after `expires_on`."""

    content_object = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="grants", db_column="organisation_id"
    )
    expires_on = models.DateField()
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(UserObjectPermissionBase.Meta):  # type: ignore[misc]
        unique_together: tuple[str, ...] = ()
        constraints = (
            models.UniqueConstraint(name="access_grant_one_of_a_kind", fields=("user", "permission", "content_object")),
            models.CheckConstraint(name="access_grant_given_by_another", condition=~Q(given_by=models.F("user"))),
        )
