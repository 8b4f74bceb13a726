import django.db.models.deletion
from django.db import migrations, models

from database.operations import GuardTable

# Whoever has no password has no row. On the way back they get what no password fits.
MOVE = """
    INSERT INTO access_password (user_id, hash) SELECT id, password FROM access_user WHERE password NOT LIKE '!%'
"""
MOVE_BACK = """
    UPDATE access_user SET password = coalesce((SELECT hash FROM access_password WHERE user_id = id), '!')
"""


class Migration(migrations.Migration):
    """Passwords stand apart from people. Copied first, in a transaction of its own: nobody waits while it runs."""

    dependencies = [("access", "0016_tickets")]

    operations = [
        migrations.CreateModel(
            name="Password",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="kept_password",
                        serialize=False,
                        to="access.user",
                    ),
                ),
                ("hash", models.CharField(max_length=128)),
            ],
        ),
        GuardTable("access_password"),
        migrations.RunSQL(MOVE, reverse_sql=MOVE_BACK),
        # So that there is a way back: the column comes back empty, and is filled from here.
        migrations.AlterField("user", "password", models.CharField(max_length=128, null=True, verbose_name="password")),
    ]
