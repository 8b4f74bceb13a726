from django.db import migrations, models


class Migration(migrations.Migration):
    """The log's public keys, told by the sequencer when it signs, for the packs that auditors hand on."""

    dependencies = [("audit", "0021_explored")]

    operations = [
        migrations.CreateModel(
            name="LogKey",
            fields=[
                (
                    "key",
                    models.CharField(
                        max_length=300,
                        primary_key=True,
                        serialize=False,
                        verbose_name="the verifier key, C2SP signed-note",
                    ),
                ),
            ],
        ),
    ]
