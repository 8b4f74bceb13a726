from django.db import migrations, models

from database.operations import CreateFunction, GuardTable, ReplaceFunction

HAD_TRAITS = "UPDATE review_compared SET has_traits = row_version > 0"


class Migration(migrations.Migration):
    """Nobody decides about more than they saw, nor while it is not known whom they are near to."""

    dependencies = [("review", "0014_told_apart"), ("access", "0029_questions_tell_themselves")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="growth",
            field=models.IntegerField(
                db_default=0, verbose_name="how often something was added to it, or weighed more"
            ),
        ),
        migrations.AddField(
            model_name="compared",
            name="has_traits",
            field=models.BooleanField(default=False, verbose_name="whether their traits were there, and could be read"),
            preserve_default=False,
        ),
        migrations.RunSQL(HAD_TRAITS, reverse_sql=migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="compared",
            index=models.Index(
                condition=models.Q(("has_traits", False)), fields=["user_id"], name="review_compared_no_traits"
            ),
        ),
        ReplaceFunction("review_barred_of", version=3),
        CreateFunction("review_is_compared"),
        ReplaceFunction("review_date_casework", version=4),
        ReplaceFunction("review_note_question", version=4),
        GuardTable("review_finding", version=4),
    ]
