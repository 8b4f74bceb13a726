import django.db.models.deletion
from django.db import migrations, models

from database.operations import CreateFunction, ReplaceFunction


class Migration(migrations.Migration):
    """Where a shield is overridden auditors look into it from that moment on (docs/adr/0040)."""

    dependencies = [
        ("registry", "0012_named_grants"),
        ("audit", "0029_overridden"),
        ("review", "0015_seen_whole"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="review_case_one_of_a_person_grows",
        ),
        migrations.AddField(
            model_name="case",
            name="override",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="registry.override",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("growing", True), ("override", None)),
                fields=("person_id",),
                name="review_case_one_of_a_person_grows",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("override__isnull", False)),
                fields=("override", "authority_id"),
                name="review_case_one_of_an_override",
            ),
        ),
        CreateFunction("review_override"),
        CreateFunction("review_overrides_of_cases"),
        ReplaceFunction("review_alert_is_told", version=3),
        ReplaceFunction("review_names_of", version=3),
        ReplaceFunction("review_withheld", version=2),
    ]
