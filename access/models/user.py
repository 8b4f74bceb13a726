"""Users: their personal values sealed, their address known only by its fingerprint."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import Q

from access.models.organisation import Organisation
from access.roles import Role
from encryption.fields import SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel, SealedQuerySet
from encryption.tokens import fingerprint


def email_fingerprint(email: str) -> str:
    """What stands in the database for an e-mail address: a keyed fingerprint, the same however it is capitalised."""
    return fingerprint("user email", email.strip().casefold()).hex()


class UserState(models.TextChoices):
    """Where a user stands. Only the active get in, and only while vetted."""

    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    LEFT = "left", "Left"


class UserQuerySet(SealedQuerySet["User"]):
    """Locks the user's own row alone: the web role may not lock the organisation that is read with it."""

    def select_for_update(self, *args: Any, **options: Any) -> Any:
        return super().select_for_update(*args, **{"of": ("self",), **options})


class UserManager(models.Manager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds users with their organisation, since no decision is made without it."""

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("organisation")

    def get_by_natural_key(self, key: str) -> "User":
        user: User = self.get(email_fingerprint=key)
        return user


class User(SealedModel, AbstractBaseUser, PermissionsMixin):
    """A person who may sign in."""

    email_fingerprint = models.CharField(max_length=32, unique=True)
    email = SealedField(str)
    name = SealedField(str)
    role = models.CharField(max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    state = models.CharField(max_length=20, choices=UserState.choices, default=UserState.ACTIVE)
    last_login = None  # the access log tells when somebody signed in

    USERNAME_FIELD = "email_fingerprint"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    sealing_purpose: ClassVar[Purpose] = Purpose.USER

    objects = UserManager()  # type: ignore[misc]

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="access_user_role_is_known", condition=Q(role__in=[role.value for role in Role])
            ),
            models.CheckConstraint(
                name="access_user_state_is_known", condition=Q(state__in=[state.value for state in UserState])
            ),
            models.CheckConstraint(name="access_user_nobody_is_superuser", condition=Q(is_superuser=False)),
        )

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether Django lets the user sign in at all; vetting is asked on every request besides."""
        return self.state == UserState.ACTIVE

    def get_username(self) -> str:
        return self.email_fingerprint
