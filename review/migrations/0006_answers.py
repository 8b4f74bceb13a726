import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """A family is answered who looked at a record: confirmed line by line, released by another."""

    dependencies = [
        ("access", "0025_answers"),
        ("review", "0005_casework"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("child_id", models.BigIntegerField(null=True)),
                ("number", encryption.fields.SealedField()),
                (
                    "asker",
                    models.CharField(
                        choices=[
                            ("parent", "A parent, or somebody else who has parental responsibility"),
                            ("young_person", "The young person whose record it is"),
                            ("acts_for", "Somebody who acts for one of them, such as a solicitor"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "identity_check",
                    models.CharField(
                        choices=[
                            ("asker_in_person", "Seen in person, with a document that has a photograph"),
                            ("asker_known", "A member of staff who knows them confirmed it, in person"),
                            ("asker_certified", "A certified copy of a document that has a photograph, sent by post"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "right_check",
                    models.CharField(
                        choices=[
                            ("birth_certificate", "The birth certificate names them as a parent"),
                            ("court_order", "A court order or an agreement gives them parental responsibility"),
                            ("own_record", "It is their own record, and they understand what they ask for"),
                            ("written_authority", "Written authority of somebody who may ask, whose right was checked"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("confirmed", encryption.fields.SealedField(default=None)),
                ("letter", encryption.fields.SealedField(default=None)),
                ("begun_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_right", "Whoever asked may not have this record’s answer"),
                            ("wrong_number", "The number is that of another record"),
                            ("taken_back", "Whoever asked does not want it any more"),
                            ("begun_again", "It is begun again, since what it tells of has changed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["authority", "id"], name="review_answer_of_authority")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))), name="review_answer_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asker__in", ["parent", "young_person", "acts_for"]),
                            ("identity_check__in", ["asker_in_person", "asker_known", "asker_certified"]),
                            (
                                "right_check__in",
                                ["birth_certificate", "court_order", "own_record", "written_authority"],
                            ),
                        ),
                        name="review_answer_codes_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="review_answer_confirmed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at", None), ("released_by", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("released_at__isnull", False),
                                ("released_by__isnull", False),
                                models.Q(("released_by", models.F("confirmed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="review_answer_released_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("result", "")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("released_at", None),
                                ("result__in", ["no_right", "wrong_number", "taken_back", "begun_again"]),
                            ),
                            _connector="OR",
                        ),
                        name="review_answer_closed_with_a_result",
                    ),
                ],
            },
        ),
        ReplaceFunction("review_events_of_record", version=2),
        ReplaceFunction("review_numbers_of", version=2),
        CreateFunction("review_answer_is_told"),
        CreateFunction("review_answer_to_read"),
        CreateFunction("review_answer_standing"),
        CreateFunction("review_answer_step"),
        CreateFunction("review_looks"),
        GuardTable("review_answer"),
    ]
