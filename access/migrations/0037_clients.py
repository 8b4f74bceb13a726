from typing import Any

import django.db.models.deletion
import structlog
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from database.operations import CreateFunction, DropFunction, GuardTable, ReplaceFunction, UnguardTable

logger = structlog.get_logger(__name__)

STILL_GOOD = """
    SELECT organisation.directory_code, count(*) FROM access_apitoken AS token
    JOIN access_organisation AS organisation ON organisation.id = token.organisation_id
    WHERE token.revoked_at IS NULL AND token.expires_at > now()
    GROUP BY organisation.directory_code ORDER BY organisation.directory_code
"""
# On the way back there is no place for systems that speak for their organisation. Those in which people work stay.
TAKE_AWAY = "DELETE FROM access_clientsystem WHERE purpose <> 'people'; SET CONSTRAINTS ALL IMMEDIATE"


def tell_what_ends(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say in the log of whoever migrates whose software is refused from now on, until it is a system.

    No event says so: whoever owns the tables holds no key with which one is authenticated.
    """
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(STILL_GOOD)
        ended = dict(cursor.fetchall())
    if ended:
        logger.warning("api_tokens.ended", tokens=sum(ended.values()), organisations=list(ended))


class Migration(migrations.Migration):
    """One way of showing a token: systems that speak for their organisation come, and API tokens go, for good.

    On the way back the table of API tokens is there again, and empty: each has to be made anew.
    """

    dependencies = [("access", "0036_systems"), ("audit", "0036_clients")]

    operations = [
        migrations.RunPython(tell_what_ends, migrations.RunPython.noop),
        migrations.AddField(
            model_name="clientsystem",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("people", "People work in it"),
                    ("leavers", "It tells who has left"),
                    ("feed", "It delivers a supplier’s feed"),
                ],
                db_default="people",
                max_length=10,
            ),
        ),
        migrations.AddField(model_name="clientsystem", name="feed", field=models.BigIntegerField(null=True)),
        migrations.RemoveConstraint(model_name="clientsystem", name="access_clientsystem_comes_back"),
        migrations.AddConstraint(
            model_name="clientsystem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("addresses__len__gt", 0), ("feed", None), ("purpose", "people")),
                    models.Q(("addresses__len", 0), ("feed", None), ("purpose", "leavers")),
                    models.Q(("addresses__len", 0), ("feed__isnull", False), ("purpose", "feed")),
                    _connector="OR",
                ),
                name="access_clientsystem_has_what_its_purpose_asks",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, TAKE_AWAY),
        migrations.CreateModel(
            name="SystemToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_fingerprint", models.CharField(max_length=32, unique=True)),
                ("given_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.clientsystem"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="access_systemtoken_expires_at")],
            },
        ),
        GuardTable("access_systemtoken"),
        ReplaceFunction("access_system_standing", version=2),
        ReplaceFunction("access_guard_system", version=2),
        ReplaceFunction("access_is_decision", version=9),
        ReplaceFunction("access_may_do", version=12),
        ReplaceFunction("access_show_ticket", version=2),
        CreateFunction("access_token_says"),
        CreateFunction("access_token_give"),
        CreateFunction("access_token_end"),
        # On the way back the table is there again before the functions that name it.
        ReplaceFunction("audit_record_token", version=2),
        ReplaceFunction("access_shown_reach", version=3),
        UnguardTable("access_apitoken", version=2),
        DropFunction("access_token_load", version=2),
        DropFunction("access_token_standings"),
        DropFunction("access_token_standing"),
        DropFunction("access_token_reaches", version=1),
        DropFunction("access_token_is_kept"),
        migrations.DeleteModel(name="ApiToken"),
        CreateFunction("access_token_reaches", version=2),
        CreateFunction("access_token_load", version=3),
    ]
