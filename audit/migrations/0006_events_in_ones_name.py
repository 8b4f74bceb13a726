from django.db import migrations, models


class Migration(migrations.Migration):
    """What was done in somebody's name, or tried, is found without reading the whole log; few events are of that sort.

    Writers wait while the index is made: run it while the log is short, as before the first release.
    """

    dependencies = [("audit", "0005_people")]

    operations = [
        migrations.AddIndex(
            "event",
            models.Index(
                fields=("user_id",),
                name="audit_event_in_ones_name",
                condition=models.Q(user_id__isnull=False) & (models.Q(role="mediator") | models.Q(process="sign-in")),
            ),
        ),
    ]
