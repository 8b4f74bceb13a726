import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, GuardTable, ReplaceFunction

OF_SESSION = """
    ALTER TABLE access_mediation ADD CONSTRAINT access_mediation_of_session
        FOREIGN KEY (session_id) REFERENCES access_session ON DELETE CASCADE;
"""


class Migration(migrations.Migration):
    """Mediators open nothing but in the name of a colleague who is asking; everybody can read what they did themself."""

    dependencies = [
        ("access", "0005_people"),
        ("audit", "0006_events_in_ones_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mediation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begun_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "colleague",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mediator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="access.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("session",),
                        name="access_mediation_one_in_a_session",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mediator", models.F("colleague")), _negated=True),
                        name="access_mediation_for_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("begun_at"))),
                        name="access_mediation_expires_after_it_begins",
                    ),
                ],
            },
        ),
        CreateFunction("access_event_of"),
        migrations.RunSQL(OF_SESSION, migrations.RunSQL.noop),
        GuardTable("access_mediation"),
        CreateFunction("access_may_be_helped"),
        CreateFunction("access_mediation_begin"),
        CreateFunction("access_mediation_end"),
        CreateFunction("access_mediation_of"),
        CreateFunction("access_check_mediation"),
        ReplaceFunction("access_charge", version=2),
        CreateFunction("access_charge_both"),
        ReplaceFunction("access_charge_event", version=2),
        CreateFunction("access_history_of"),
    ]
