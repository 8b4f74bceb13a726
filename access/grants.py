"""Per-object grants: who administers and who audits which organisation. The one file that imports guardian."""

from django.db.models import QuerySet
from guardian.shortcuts import assign_perm, get_objects_for_user

from access.models import Organisation, User

ADMINISTER = "administer_organisation"
AUDIT = "audit_authority"


def grant(user: User, what: str, organisation: Organisation) -> None:
    """Let `user` administer or audit `organisation`."""
    assign_perm(what, user, organisation)


def organisations_granted(user: User, what: str) -> QuerySet[Organisation]:
    """The organisations `user` was granted `what` for."""
    granted: QuerySet[Organisation] = get_objects_for_user(
        user,
        f"access.{what}",
        Organisation,
        use_groups=False,
        with_superuser=False,
        accept_global_perms=False,
    )
    return granted
