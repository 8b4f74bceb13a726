import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, GuardTable


class Migration(migrations.Migration):
    """Auditors take cases, ask about them, decide them by two where it is misuse, and judge what was drawn (docs/adr/0036)."""

    dependencies = [
        ("review", "0004_examining"),
        ("access", "0024_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseWork",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="work",
                        serialize=False,
                        to="review.case",
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_order", "Explained, and in order"),
                            ("honest_mistake", "A mistake, and the person was told"),
                            ("training", "Training is needed, and is arranged"),
                            ("to_employer", "Misuse, passed on to the employer"),
                            ("to_police", "Misuse, reported to the police and the Information Commissioner"),
                            ("cannot_tell", "It cannot be told"),
                        ],
                        max_length=20,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("decided_at", None), ("decided_by", None), ("result", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                (
                                    "result__in",
                                    [
                                        "in_order",
                                        "honest_mistake",
                                        "training",
                                        "to_employer",
                                        "to_police",
                                        "cannot_tell",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="review_casework_decided_with_a_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by", None),
                            models.Q(("closed_at__isnull", False), ("result__in", ["to_employer", "to_police"])),
                            _connector="OR",
                        ),
                        name="review_casework_agreed_when_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result__in", ["to_employer", "to_police"]), _negated=True),
                            ("closed_at", None),
                            models.Q(
                                ("agreed_by__isnull", False),
                                models.Q(("agreed_by", models.F("decided_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="review_casework_misuse_is_decided_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("judged_at", models.DateTimeField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("looks_fine", "It looks in order"),
                            ("looks_doubtful", "It looks doubtful"),
                            ("not_to_be_told", "It cannot be told from this"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["looks_fine", "looks_doubtful", "not_to_be_told"])),
                        name="review_judgement_verdict_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField(verbose_name="whom the case is about")),
                ("organisation_id", models.BigIntegerField(null=True, verbose_name="where they work")),
                (
                    "asked_of",
                    models.CharField(
                        choices=[("person", "The person"), ("manager", "An administrator of their organisation")],
                        max_length=10,
                    ),
                ),
                (
                    "query",
                    models.CharField(
                        choices=[
                            ("occasion", "What was the occasion of these accesses?"),
                            ("connected", "Do you know the children or their families outside work?"),
                            ("yours", "Was it you who did this?"),
                        ],
                        max_length=20,
                        verbose_name="what is asked",
                    ),
                ),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="the accesses it is about"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField(verbose_name="until when to answer")),
                ("answer", models.CharField(blank=True, max_length=20)),
                (
                    "rests_on",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("involvement", "An involvement of our organisation that is on the record"),
                            ("not_recorded_yet", "An involvement of our organisation that we have not recorded yet"),
                            ("referral", "A referral that we received"),
                            ("call", "A call from another service or from the family"),
                            ("own_file", "An entry in our own files"),
                            ("rota", "Our rota or diary of that day"),
                            ("nothing", "Nothing that I could show"),
                        ],
                        max_length=20,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="review.case"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id"], name="review_question_person"),
                    models.Index(
                        condition=models.Q(("answered_at", None)),
                        fields=["organisation_id"],
                        name="review_question_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None), ("rests_on", "")),
                            models.Q(
                                (
                                    "answer__in",
                                    (
                                        "was_working",
                                        "came_in",
                                        "on_duty",
                                        "for_colleague",
                                        "wrong_record",
                                        "trying_out",
                                        "private",
                                        "not_me",
                                        "forgotten",
                                        "part_of_work",
                                        "part_of_duty",
                                        "not_their_work",
                                        "was_away",
                                        "not_known",
                                    ),
                                ),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                (
                                    "rests_on__in",
                                    [
                                        "involvement",
                                        "not_recorded_yet",
                                        "referral",
                                        "call",
                                        "own_file",
                                        "rota",
                                        "nothing",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="review_question_answered_with_codes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked_of__in", ["person", "manager"]), ("query__in", ["occasion", "connected", "yours"])
                        ),
                        name="review_question_is_on_the_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("events__len__lte", 20)), name="review_question_about_a_few"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("case", "asked_of"),
                        name="review_question_one_at_a_time",
                    ),
                ],
            },
        ),
        CreateFunction("review_barred_of"),
        CreateFunction("review_barred"),
        CreateFunction("review_everybodys"),
        CreateFunction("review_case_is_told"),
        CreateFunction("review_date_casework"),
        CreateFunction("review_note_question"),
        CreateFunction("review_asked_places"),
        CreateFunction("review_sample_is_told"),
        CreateFunction("review_names_of_cases"),
        GuardTable("review_casework"),
        GuardTable("review_judgement"),
        GuardTable("review_question"),
        GuardTable("review_case", version=2),
        GuardTable("review_explanation", version=2),
        GuardTable("review_finding", version=2),
        GuardTable("review_sampled", version=2),
        GuardTable("review_tally", version=2),
    ]
