from django.db import migrations, models

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """What national directories say of organisations, which may be known before anybody accredited them."""

    dependencies = [("access", "0034_compared")]

    operations = [
        migrations.AddField(model_name="organisation", name="closed_on", field=models.DateField(blank=True, null=True)),
        migrations.AddField(
            model_name="organisation",
            name="transfer_code",
            field=models.CharField(blank=True, db_default="", max_length=8),
        ),
        migrations.AlterField(
            model_name="organisation", name="accredited_until", field=models.DateField(blank=True, null=True)
        ),
        migrations.AlterField(model_name="organisation", name="telephone", field=models.CharField(max_length=32)),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["transfer_code"], name="access_organisation_transfers"),
        ),
        ReplaceFunction("access_may_do", version=10),
    ]
