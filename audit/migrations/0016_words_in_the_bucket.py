from django.db import migrations, models


class Migration(migrations.Migration):
    """Which words of witnesses the bucket holds, and what it would let go first."""

    dependencies = [("audit", "0015_callers")]

    operations = [
        migrations.AddField(
            model_name="cosignature",
            name="kept_until",
            field=models.DateTimeField(null=True, verbose_name="until when the bucket keeps it"),
        ),
        migrations.AlterField(
            model_name="checkpoint",
            name="kept_until",
            field=models.DateTimeField(
                null=True, verbose_name="until when the bucket keeps it, with what grew since the one kept before"
            ),
        ),
        migrations.AddIndex(
            model_name="checkpoint",
            index=models.Index(
                condition=models.Q(("kept_until", None), _negated=True),
                fields=["kept_until"],
                name="audit_checkpoint_kept_until",
            ),
        ),
        migrations.AddIndex(
            model_name="cosignature",
            index=models.Index(
                condition=models.Q(("kept_until", None)), fields=["checkpoint"], name="audit_cosignature_not_kept"
            ),
        ),
    ]
