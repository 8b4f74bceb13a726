"""Every field of every model of ours is sealed, or stands here with the reason why it may be read by a thief.

A new field fails until somebody decides.
"""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from encryption.fields import SealedBytes, SealedField

OURS = ("access", "audit", "encryption", "registry", "review")
FINGERPRINT = "a keyed fingerprint; tells nothing without the key"
CODE = "a code from a closed list"
ID = "a number of ours that stands for somebody or something"
DIRECTORY = "a public directory fact about an organisation"
DAY_OF_VETTING = "a day; whose it is, is sealed"
WHEN_IT_WAS_DONE = "when a step was taken; about whom and by whom, is numbers"
NUMBERING = "which row and which version of it; sealed values are bound to both"
COUNT = "how much, never of what"
MEASURE = "a code from a closed list, of what is counted"
TREE = "hashes over hashes; to be published"
PLACE_IN_TREE = "where in the tree; to be published"
PLACE_IN_LOG = "how far the log is examined"

CLEAR = {
    "access.Accreditation.evidence": CODE,
    "access.Accreditation.expires_on": DIRECTORY,
    "access.Accreditation.granted_on": DIRECTORY,
    "access.Accreditation.id": ID,
    "access.Accreditation.organisation": ID,
    "access.Accreditation.recorded_by": ID,
    "access.Accreditation.reference": DIRECTORY,
    "access.Accreditation.sponsor": ID,
    "access.Approval.asked_at": WHEN_IT_WAS_DONE,
    "access.Approval.asked_by": ID,
    "access.Approval.decided_at": WHEN_IT_WAS_DONE,
    "access.Approval.decided_by": ID,
    "access.Approval.id": ID,
    "access.Approval.identity_check": CODE,
    "access.Approval.kind": CODE,
    "access.Approval.outcome": CODE,
    "access.Approval.role": CODE,
    "access.Approval.user": ID,
    "access.ApiToken.expires_at": "when the token runs out",
    "access.ApiToken.id": ID,
    "access.ApiToken.last_used_on": "the day on which some software last used the token",
    "access.ApiToken.made_at": "when the token was made",
    "access.ApiToken.organisation": ID,
    "access.ApiToken.responsible": ID,
    "access.ApiToken.revoked_at": "when the token was revoked",
    "access.ApiToken.row_version": NUMBERING,
    "access.ApiToken.token_fingerprint": FINGERPRINT,
    "access.Budget.daily": COUNT,
    "access.Budget.hourly": COUNT,
    "access.Budget.measure": MEASURE,
    "access.Budget.role": CODE,
    "access.Grant.content_object": ID,
    "access.Grant.expires_on": DAY_OF_VETTING,
    "access.Grant.given_by": ID,
    "access.Grant.id": ID,
    "access.Grant.permission": ID,
    "access.Grant.user": ID,
    "access.Invitation.asked_at": WHEN_IT_WAS_DONE,
    "access.Invitation.expires_at": WHEN_IT_WAS_DONE,
    "access.Invitation.id": ID,
    "access.Invitation.invited_by": ID,
    "access.Invitation.purpose": CODE,
    "access.Invitation.refused_at": WHEN_IT_WAS_DONE,
    "access.Invitation.sent_at": WHEN_IT_WAS_DONE,
    "access.Invitation.token_fingerprint": FINGERPRINT,
    "access.Invitation.used_at": WHEN_IT_WAS_DONE,
    "access.Invitation.user": ID,
    "access.Mediation.begun_at": "when a call began",
    "access.Mediation.colleague": ID,
    "access.Mediation.ended_at": "when a call was ended",
    "access.Mediation.expires_at": "when a call's time is over",
    "access.Mediation.id": ID,
    "access.Mediation.mediator": ID,
    "access.Mediation.session": ID,
    "access.Organisation.accredited_until": DIRECTORY,
    "access.Organisation.directory_code": DIRECTORY,
    "access.Organisation.id": ID,
    "access.Organisation.kind": CODE,
    "access.Organisation.name": DIRECTORY,
    "access.Organisation.postcode": DIRECTORY,
    "access.Organisation.responsible_authority": ID,
    "access.Organisation.telephone": DIRECTORY,
    "access.Organisation.town": DIRECTORY,
    "access.OwnHome.id": ID,
    "access.OwnHome.row_version": NUMBERING,
    "access.OwnHome.user": ID,
    "access.Notice.happened_at": WHEN_IT_WAS_DONE,
    "access.Notice.id": ID,
    "access.Notice.refused_at": WHEN_IT_WAS_DONE,
    "access.Notice.sent_at": WHEN_IT_WAS_DONE,
    "access.Notice.user": ID,
    "access.Notice.what": CODE,
    "access.Password.hash": "an Argon2id hash",
    "access.Password.user": ID,
    "access.Reminder.days": "how long before the day",
    "access.Reminder.id": ID,
    "access.Reminder.organisation": ID,
    "access.Reminder.runs_out_on": "the day of which somebody was reminded; the vetting itself is as clear",
    "access.Reminder.sent_at": WHEN_IT_WAS_DONE,
    "access.Reminder.user": ID,
    "access.Session.confirmed_at": "when the session's person last showed a second factor",
    "access.Session.expires_at": "when the browser's session ends",
    "access.Session.id": ID,
    "access.Session.key_fingerprint": FINGERPRINT,
    "access.Session.second_factor_at": "when the session's person first showed a second factor",
    "access.Session.seen_at": "when the browser last asked for a page, to half a minute",
    "access.Session.started_at": "when the browser's session began",
    "access.Session.user": ID,
    "access.SessionEnd.began_at": "when the browser's session began",
    "access.SessionEnd.expires_at": "when it ended by itself, or would have",
    "access.SessionEnd.id": ID,
    "access.SessionEnd.key_fingerprint": FINGERPRINT,
    "access.SessionEnd.told_until": "until when that is told",
    "access.SessionEnd.user": ID,
    "access.SessionEnd.why": CODE,
    "access.SignInSession.expires_at": "when the browser's session where people sign in ends",
    "access.SignInSession.id": ID,
    "access.SignInSession.key_fingerprint": FINGERPRINT,
    "access.SignInSession.session": ID,
    "access.Site.id": ID,
    "access.Site.name": DIRECTORY,
    "access.Site.organisation": ID,
    "access.Site.postcode": DIRECTORY,
    "access.Site.telephone": DIRECTORY,
    "access.Stop.begun_at": WHEN_IT_WAS_DONE,
    "access.Stop.begun_by": ID,
    "access.Stop.id": ID,
    "access.Stop.lifted_at": WHEN_IT_WAS_DONE,
    "access.Stop.lifted_by": ID,
    "access.Stop.organisation": ID,
    "access.Stop.reason": CODE,
    "access.Stop.scope": CODE,
    "access.Stop.user": ID,
    "access.Usage.hour": "when it was used, to the hour",
    "access.Usage.measure": MEASURE,
    "access.Usage.used": COUNT,
    "access.Usage.user": ID,
    "access.User.email_fingerprint": FINGERPRINT,
    "access.User.id": ID,
    "access.User.is_superuser": "always false; a constraint keeps it so",
    "access.User.name_tokens": FINGERPRINT,
    "access.User.organisation": ID,
    "access.User.role": CODE,
    "access.User.row_version": NUMBERING,
    "access.User.site": ID,
    "access.User.state": CODE,
    "access.User.state_at": WHEN_IT_WAS_DONE,
    "access.User.state_by": ID,
    "access.User.valid_until": DAY_OF_VETTING,
    "access.UserTraits.homes_told": COUNT,
    "access.UserTraits.row_version": NUMBERING,
    "access.UserTraits.user": ID,
    "access.VettingItem.checked_on": DAY_OF_VETTING,
    "access.VettingItem.expires_on": DAY_OF_VETTING,
    "access.VettingItem.id": ID,
    "access.VettingItem.kind": CODE,
    "access.VettingItem.recorded_by": ID,
    "access.VettingItem.row_version": NUMBERING,
    "access.VettingItem.user": ID,
    "access.VettingItem.version": "which version of a public text was signed",
    "audit.Checkpoint.at": "when the tree was signed",
    "audit.Checkpoint.before_transaction": PLACE_IN_TREE,
    "audit.Checkpoint.kept_until": "until when the bucket keeps it",
    "audit.Checkpoint.note": "the signed note, which holds size, root and signature; to be published",
    "audit.Checkpoint.published_at": "when it was published",
    "audit.Checkpoint.root": TREE,
    "audit.Checkpoint.size": PLACE_IN_TREE,
    "audit.Cosignature.at": "when a witness vouched for a checkpoint",
    "audit.Cosignature.checkpoint": PLACE_IN_TREE,
    "audit.Cosignature.id": ID,
    "audit.Cosignature.kept_until": "until when the bucket keeps it",
    "audit.Cosignature.line": "a witness's name and signature; to be published",
    "audit.Cosignature.witness": "the name of a public key",
    "audit.Event.actor_id": ID,
    "audit.Event.at": "when it happened; the log is searched by it",
    "audit.Event.authentication": "a keyed tag over the event; tells nothing without the key",
    "audit.Event.authority_id": ID,
    "audit.Event.child_id": ID,
    "audit.Event.fields": "names of fields, never what they hold",
    "audit.Event.id": ID,
    "audit.Event.kind": CODE,
    "audit.Event.leaf": "a hash over the event and its keyed tag, so that what it says cannot be guessed from it",
    "audit.Event.number": "how many events the process that wrote it had counted",
    "audit.Event.organisation_id": ID,
    "audit.Event.outcome": CODE,
    "audit.Event.process": "the name of a program",
    "audit.Event.reason": CODE,
    "audit.Event.request_id": ID,
    "audit.Event.role": CODE,
    "audit.Event.session_id": ID,
    "audit.Event.shown": ID,
    "audit.Event.trail": ID,
    "audit.Event.transaction_id": "PostgreSQL's own count of transactions",
    "audit.Event.user_id": ID,
    "audit.Event.voided": "numbers of events that were taken back",
    "audit.Event.writer": "a random name of the process that wrote it",
    "audit.RaisedAlert.authority_id": ID,
    "audit.RaisedAlert.event_id": ID,
    "audit.RaisedAlert.first_at": "when an alert was first raised",
    "audit.RaisedAlert.growing": "whether what is raised next is the same alert",
    "audit.RaisedAlert.id": ID,
    "audit.RaisedAlert.last_at": "when an alert was last raised",
    "audit.RaisedAlert.subject": "the random name of a process, or a code of what is counted",
    "audit.RaisedAlert.times": COUNT,
    "audit.RaisedAlert.user_id": ID,
    "audit.RaisedAlert.what": CODE,
    "audit.TicketKey.id": ID,
    "audit.TicketKey.key": "marks what events allow to be read; no role but the owner reads it, and it opens nothing",
    "audit.Tile.hashes": TREE,
    "audit.Tile.index": PLACE_IN_TREE,
    "audit.Tile.level": PLACE_IN_TREE,
    "registry.Child.id": ID,
    "registry.Child.number_fingerprint": FINGERPRINT,
    "registry.Child.responsible_authority": ID,
    "registry.Child.row_version": NUMBERING,
    "registry.ChildAddress.child": ID,
    "registry.ChildAddress.id": ID,
    "registry.ChildAddress.present": "that there is a present address, not which",
    "registry.ChildAddress.row_version": NUMBERING,
    "registry.ChildName.child": ID,
    "registry.ChildName.id": ID,
    "registry.ChildName.kind": CODE,
    "registry.ChildName.row_version": NUMBERING,
    "registry.ChildNumber.child": ID,
    "registry.ChildNumber.fingerprint": FINGERPRINT,
    "registry.ChildNumber.id": ID,
    "registry.ChildNumber.kind": CODE,
    "registry.ChildNumber.row_version": NUMBERING,
    "registry.ChildTraits.child": ID,
    "registry.ChildTraits.row_version": NUMBERING,
    "registry.Guardian.child": ID,
    "registry.Guardian.id": ID,
    "registry.Guardian.row_version": NUMBERING,
    "registry.Involvement.child": ID,
    "registry.Involvement.id": ID,
    "registry.Involvement.lead": "that one of the involvements is the lead, not whose",
    "registry.Involvement.row_version": NUMBERING,
    "registry.Shield.authority": ID,
    "registry.Shield.child": ID,
    "registry.Shield.ended_on": "a day of a decision; whom it hides is sealed",
    "registry.Shield.id": ID,
    "registry.Shield.review_on": "a day of a decision; whom it hides is sealed",
    "registry.Shield.started_on": "a day of a decision; whom it hides is sealed",
    "review.Case.authority_id": ID,
    "review.Case.growing": "whether what is found next is added to the case",
    "review.Case.id": ID,
    "review.Case.last_at": "when something was found last",
    "review.Case.opened_at": "when there was enough for a case",
    "review.Case.organisation_id": ID,
    "review.Case.person_id": ID,
    "review.Case.score": "how much was found, in bits",
    "review.Case.urgent_at": "since when a case is urgent",
    "review.Cursor.before_transaction": PLACE_IN_LOG,
    "review.Cursor.id": ID,
    "review.Explanation.actor_id": ID,
    "review.Explanation.at": "when a record was opened, as its event says",
    "review.Explanation.authority_id": ID,
    "review.Explanation.child_id": ID,
    "review.Explanation.codes": CODE,
    "review.Explanation.day": "the day of the event",
    "review.Explanation.event_id": ID,
    "review.Explanation.explained_at": "when it was explained",
    "review.Explanation.held_until": "until when an explanation is waited for",
    "review.Explanation.kind": CODE,
    "review.Explanation.organisation_id": ID,
    "review.Explanation.person_id": ID,
    "review.Explanation.reason": CODE,
    "review.Explanation.state": CODE,
    "review.Finding.at": "when it was found, as its event says",
    "review.Finding.authority_id": ID,
    "review.Finding.bits": "how much was found, in bits",
    "review.Finding.case": ID,
    "review.Finding.child_id": ID,
    "review.Finding.codes": CODE,
    "review.Finding.counts": "how much of that counts, in bits",
    "review.Finding.day": "the day of the event",
    "review.Finding.event_id": ID,
    "review.Finding.id": ID,
    "review.Finding.organisation_id": ID,
    "review.Finding.person_id": ID,
    "review.Finding.rule": CODE,
    "review.Inquiry.alert": ID,
    "review.Inquiry.closed_at": WHEN_IT_WAS_DONE,
    "review.Inquiry.id": ID,
    "review.Inquiry.result": CODE,
    "review.Inquiry.taken_at": WHEN_IT_WAS_DONE,
    "review.Inquiry.taken_by": ID,
    "review.Recorded.at": "when it was recorded, as its event says",
    "review.Recorded.child_id": ID,
    "review.Recorded.day": "the day of the event",
    "review.Recorded.event_id": ID,
    "review.Recorded.organisation_id": ID,
    "review.Recorded.withdrawn": "that it was taken off the record again",
    "review.Sampled.at": "when a record was opened, as its event says",
    "review.Sampled.authority_id": ID,
    "review.Sampled.event_id": ID,
    "review.Tally.authority_id": ID,
    "review.Tally.day": "a day on which somebody used the service",
    "review.Tally.followed": COUNT,
    "review.Tally.hours": "in which hours of a day, never with whom",
    "review.Tally.kind": CODE,
    "review.Tally.last_followed": ID,
    "review.Tally.last_trail": ID,
    "review.Tally.opened": COUNT,
    "review.Tally.organisation_id": ID,
    "review.Tally.read": COUNT,
    "review.Tally.refused": COUNT,
    "review.Tally.role": CODE,
    "review.Tally.searched": COUNT,
    "review.Tally.unexplained": COUNT,
    "review.Tally.user_id": ID,
}
# The registry is no case file: near a child nothing in clear holds words that somebody typed.
WORDS = (models.TextField, models.JSONField, models.EmailField, models.FileField, models.URLField)
WORDS_THAT_NOBODY_TYPED = {"audit.Checkpoint.note", "audit.Cosignature.line"}
# What takes any bytes takes a name as well: each such field holds what a hash function or a key made.
BYTES_OF_HASHES = {
    "audit.Checkpoint.root",
    "audit.Event.authentication",
    "audit.Event.leaf",
    "audit.TicketKey.key",
    "audit.Tile.hashes",
    "registry.Child.number_fingerprint",
    "registry.ChildNumber.fingerprint",
}
OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]


def clear_fields() -> dict[str, models.Field]:
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}": field
        for model in OUR_MODELS
        for field in model._meta.concrete_fields
        if not isinstance(field, SealedField | SealedBytes)
    }


def test_every_field_is_sealed_or_listed_with_its_reason() -> None:
    assert sorted(clear_fields()) == sorted(CLEAR)


def test_every_reason_is_given() -> None:
    assert [name for name, reason in CLEAR.items() if len(reason.split()) < 3] == []


def test_no_clear_field_can_hold_free_text() -> None:
    assert {name for name, field in clear_fields().items() if isinstance(field, WORDS)} == WORDS_THAT_NOBODY_TYPED


def test_no_clear_field_can_hold_free_bytes() -> None:
    found = {name for name, field in clear_fields().items() if isinstance(field, models.BinaryField)}
    assert found == BYTES_OF_HASHES


def test_clear_text_of_the_registry_comes_from_closed_lists() -> None:
    texts = {
        name: field
        for name, field in clear_fields().items()
        if name.startswith("registry.") and isinstance(field, models.CharField | ArrayField)
    }
    assert [name for name, field in texts.items() if not field.choices] == []


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model.__name__)
def test_sealed_columns_are_of_the_type_that_takes_nothing_else(model: type[models.Model], db: None) -> None:
    sealed = {field.column for field in model._meta.concrete_fields if isinstance(field, SealedField | SealedBytes)}
    with connection.cursor() as cursor:
        cursor.execute(
            "select attname from pg_attribute join pg_type on pg_type.oid = atttypid "
            "where attrelid = %s::regclass and typname = 'sealed' and not attisdropped",
            [model._meta.db_table],
        )
        assert {name for (name,) in cursor.fetchall()} == sealed
