"""Users: their personal values sealed, their address known only by its fingerprint."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from unicodedata import normalize

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from access.models.addresses import plain_address
from access.models.organisation import Organisation, Site
from access.models.role import Role
from encryption.fields import SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel, SealedQuerySet
from encryption.tokens import fingerprint

# What no password fits, as Django writes it.
NO_PASSWORD = UNUSABLE_PASSWORD_PREFIX
EPOCH = datetime.fromtimestamp(0, tz=UTC)


def email_fingerprint(email: str) -> str:
    """What stands in the database for an e-mail address: a keyed fingerprint, the same however it is written.

    Of an address in English letters it is that of its small letters, as it always was; no row changes by the rest.
    """
    return fingerprint("user email", normalize("NFKC", plain_address(email).casefold())).hex()


class UserState(models.TextChoices):
    """Where a user stands (access.rules.lifecycle). Only the active get in, and only while vetted."""

    INVITED = "invited", "Invited"
    JOINING = "joining", "Joining"
    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    LEFT = "left", "Left"
    REVOKED = "revoked", "Revoked"


# Who may sign in at all: whoever is joining sees their own checklist and nothing else.
SIGNING_IN = (UserState.JOINING, UserState.ACTIVE)


class IsStopped(Func):
    """Whether a stop of the user, their organisation or the service is in force, as the database sees it."""

    function = "access_is_stopped"
    output_field = models.BooleanField()


class IsEnrolled(Func):
    """Whether the user has a password and a second factor; of both a web process is told no more."""

    function = "access_is_enrolled"
    output_field = models.BooleanField()


class UserQuerySet(SealedQuerySet["User"]):
    """Locks the user's own row alone: the web role may not lock the organisation that is read with it."""

    def select_for_update(self, *args: Any, **options: Any) -> Any:
        return super().select_for_update(*args, **{"of": ("self",), **options})


class UserManager(models.Manager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds users with their organisation and whether they are stopped, since no decision is made without these."""

    def get_queryset(self) -> Any:
        users = super().get_queryset().select_related("organisation")
        if settings.SERVES == "sign_in":
            # One more question for the hash alone would tell whose address is known here.
            users = users.annotate(kept_hash=Coalesce(F("kept_password__hash"), Value(NO_PASSWORD)))
        return users.annotate(is_stopped=IsStopped(F("pk"), F("organisation_id")))

    def get_by_natural_key(self, key: str) -> "User":
        user: User = self.get(email_fingerprint=key)
        return user


class User(SealedModel, AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # as there
    """A person who may sign in."""

    email_fingerprint = models.CharField(max_length=32, unique=True)
    email = SealedField(str)
    name = SealedField(str)
    # The number that they last gave with their own name, so that they need not type it each time.
    telephone = SealedField(str, optional=True, null=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    site = models.ForeignKey(Site, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=UserState.choices, default=UserState.ACTIVE)
    # The database keeps these three: who put the user into this state and when, and the day on which
    # the first item of their vetting runs out; none while something is missing.
    state_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    state_at = models.DateTimeField(null=True)
    valid_until = models.DateField(null=True)
    # Keyed fingerprints of the beginnings of each word of the name, by which administrators find people.
    name_tokens = ArrayField(models.IntegerField(), default=list)
    last_login = None  # the access log tells when somebody signed in
    kept_hash: str | None = None

    USERNAME_FIELD = "email_fingerprint"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    sealing_purpose: ClassVar[Purpose] = Purpose.USER

    objects = UserManager()  # type: ignore[misc]

    class Meta:
        indexes = (
            models.Index(fields=("organisation", "state"), name="access_user_organisation_state"),
            models.Index(fields=("organisation", "valid_until"), name="access_user_expiring"),
            GinIndex(fields=("name_tokens",), name="access_user_name_tokens", fastupdate=False),
        )
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
        return self.state in SIGNING_IN and not self.is_stopped

    @cached_property
    def is_stopped(self) -> bool:
        """Whether a stop is in force for the user. Read with the row, or else asked here."""
        stopped: bool = User.objects.filter(pk=self.pk, is_stopped=True).exists()
        return stopped

    # Django's property of that name, without the column: it stands apart (Password).
    @property
    def password(self) -> str:
        """The hash of their password; of somebody who has none, what no password fits."""
        if self.kept_hash is None:
            self.kept_hash = Password.objects.filter(user=self).values_list("hash", flat=True).first() or NO_PASSWORD
        return self.kept_hash

    @password.setter
    def password(self, hashed: str) -> None:
        self.kept_hash = hashed

    def keep_password(self, password: str) -> None:
        """Have this password from now on. For whoever signs people in alone."""
        self.set_password(password)
        Password.objects.update_or_create(user=self, defaults={"hash": self.password})

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is their password; its hash is made anew where it was made in a way that is not used any more."""
        return check_password(raw_password, self.password, self.keep_password)

    @property
    def is_enrolled(self) -> bool:
        """Whether the user has a password and a second factor. Asked each time."""
        return bool(
            User.objects.annotate(enrolled=IsEnrolled(F("pk"))).values_list("enrolled", flat=True).get(pk=self.pk)
        )

    @property
    def standing(self) -> int:
        """A number that moves on with each decision about the user, and with nothing that they do for themselves.

        The version of the row moves on with every sealed value, so that a telephone number that is remembered would
        read as somebody else's decision. The database notes the time of each change of state and role.
        """
        return (self.state_at - EPOCH) // timedelta(microseconds=1) if self.state_at else 0

    def get_username(self) -> str:
        return self.email_fingerprint


class Password(models.Model):
    """The hash of a user's password. Apart from the rest of them, so that nobody reads it who reads a user."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="kept_password")
    hash = models.CharField(max_length=128)

    def __str__(self) -> str:
        return f"password of {self.pk}"
