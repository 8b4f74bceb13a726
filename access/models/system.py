"""Accredited systems: in which practitioners ask in their own name, and software that speaks for its organisation.

In one in which people work, such as a council's case management, whoever lets it act has a session of their own
(access.models.Session). One that tells who has left, or delivers a feed, fetches tokens for itself. The database says
whether a system is good.
"""

from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from access.models.organisation import Organisation
from access.models.user import User
from encryption.fields import SealedField
from encryption.keys import Purpose
from encryption.models import SealedModel


class Standing(StrEnum):
    """Whether a system is good, and if not, why: the words of access/sql/functions/access_system_standing.sql.

    `ELSEWHERE` is of a person alone: they work for another organisation, or are no practitioner any more, or nobody
    works in such a system.
    """

    GOOD = ""
    WAITING = "waiting"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ORGANISATION = "organisation"
    ELSEWHERE = "elsewhere"


class SystemPurpose(models.TextChoices):
    """What a system is there for. It can do what goes with that, and nothing else."""

    PEOPLE = "people", "People work in it"
    LEAVERS = "leavers", "It tells who has left"
    FEED = "feed", "It delivers a supplier’s feed"


class ClientSystem(SealedModel):
    """A system of one organisation's, for its people and those of the organisations that it answers for.

    `client_id` is by what it names itself (RFC 6749, 2.2), and no secret. It proves that it is itself with a key of
    which `keys` holds the public part (a JSON Web Key Set, RFC 7517). `addresses`: where its people come back to, if
    any work in it. `feed`: the number of the feed that it delivers; whose that is, `feeds` knows and this app does not.
    `telling_address`: where it is told that something changed (RFC 8935), if people work in it; empty where it is told
    nothing. One administrator asks for it, another accredits it, until a day.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="client_systems")
    client_id = models.CharField(max_length=22, unique=True)
    # As its administrator calls it; sealed, since somebody may write a name there.
    name = SealedField(str)
    # What systems were for before there was another purpose.
    purpose = models.CharField(max_length=10, choices=SystemPurpose.choices, db_default=SystemPurpose.PEOPLE)
    feed = models.BigIntegerField(null=True)
    addresses = ArrayField(models.CharField(max_length=200))
    keys = models.JSONField()
    telling_address = models.CharField(max_length=200, blank=True, db_default="")
    accredited_until = models.DateField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    accredited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    accredited_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    sealing_purpose: ClassVar[Purpose] = Purpose.USER

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="access_clientsystem_two_people",
                condition=Q(accredited_by=None) | ~Q(accredited_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="access_clientsystem_accredited_by_somebody",
                condition=Q(accredited_by=None, accredited_at=None)
                | Q(accredited_by__isnull=False, accredited_at__isnull=False),
            ),
            models.CheckConstraint(
                name="access_clientsystem_has_what_its_purpose_asks",
                condition=Q(purpose=SystemPurpose.PEOPLE, addresses__len__gt=0, feed=None)
                | Q(purpose=SystemPurpose.LEAVERS, addresses__len=0, feed=None)
                | Q(purpose=SystemPurpose.FEED, addresses__len=0, feed__isnull=False),
            ),
            models.CheckConstraint(
                name="access_clientsystem_is_told_over_https",
                condition=Q(telling_address="")
                | Q(purpose=SystemPurpose.PEOPLE, telling_address__startswith="https://")
                | Q(purpose=SystemPurpose.PEOPLE, telling_address__startswith="http://127.0.0.1:"),
            ),
        )


class Failure(models.TextChoices):
    """Why a system was not told something: of what it answers nothing else is kept."""

    ADDRESS = "address", "Its address is unknown, or not one of the public network"
    CONNECTION = "connection", "It could not be reached"
    CERTIFICATE = "certificate", "Its certificate is not one that we trust"
    TIME = "time", "It did not answer in time"
    ANSWER = "answer", "It answered with something that is no answer"
    REDIRECT = "redirect", "It sent us on to another address, where we do not go"
    REFUSED = "refused", "It refused what it was told"
    KEY = "key", "It could not check our signature"
    AUDIENCE = "audience", "It said that this was not for it, or not from us"
    BROKEN = "broken", "It said that it does not work just now"


class Telling(models.Model):
    """How it goes with telling a system that something changed: nothing of what, of whom or how often.

    From `failing_since` on, until it takes something again, it is left alone until `next_at` and then tried once more.
    `not_taken`: how many notices failed since. `given_up`: how many never reached it.
    """

    system = models.OneToOneField(ClientSystem, on_delete=models.CASCADE, primary_key=True, related_name="telling")
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    last_failure = models.CharField(max_length=12, choices=Failure.choices, blank=True)
    last_failed_at = models.DateTimeField(null=True)
    not_taken = models.PositiveIntegerField(default=0)
    given_up = models.PositiveIntegerField(default=0)
    last_taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="access_telling_failure_is_known",
                condition=Q(last_failure__in=["", *(each.value for each in Failure)]),
            ),
        )

    def __str__(self) -> str:
        return f"telling of system {self.pk}"


class TellingKey(models.Model):
    """A public key by which systems check that it is we who tell them something: the worker says which it holds.

    `kid` is its thumbprint (RFC 7638); `x` and `y` are as a JSON Web Key of P-256 has them.
    """

    kid = models.CharField(max_length=43, primary_key=True)
    x = models.CharField(max_length=43)
    y = models.CharField(max_length=43)
    published_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.kid


class SystemCode(models.Model):
    """An authorisation code (RFC 6749, 4.1.2): for a minute, and once, a system may begin a session with it.

    It keeps what that session takes over from the one in which its person let the system act (`allowed_in`), which has
    to last until then. `session` is the one that was begun: shown a second time, the code ends it.
    """

    code_fingerprint = models.CharField(max_length=32, unique=True)
    system = models.ForeignKey(ClientSystem, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=200)
    # The transformed verifier (RFC 7636, 4.2), by SHA-256.
    challenge = models.CharField(max_length=43)
    second_factor_at = models.DateTimeField()
    signed_in_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # No constraints: sessions end without asking here.
    allowed_in = models.ForeignKey(
        "access.Session", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    session = models.ForeignKey(
        "access.Session", on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        indexes = (models.Index(fields=("expires_at",), name="access_systemcode_expires_at"),)

    def __str__(self) -> str:
        return f"code {self.pk}"


class SystemToken(models.Model):
    """A token that a system fetched for itself (RFC 6749, 4.4), for a quarter of an hour. There is none to renew it.

    Nobody reads this table: whoever has a token, brings its fingerprint (access/sql/functions/access_token_load.sql).
    """

    token_fingerprint = models.CharField(max_length=32, unique=True)
    system = models.ForeignKey(ClientSystem, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("expires_at",), name="access_systemtoken_expires_at"),)

    def __str__(self) -> str:
        return f"token {self.pk}"
