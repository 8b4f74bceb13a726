from django.db import migrations

from database.operations import GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """Who is barred is also while all is examined again; and nobody takes back or agrees to what another did not decide."""

    dependencies = [("review", "0013_counted_by_month")]

    operations = [
        ReplaceFunction("review_barred_cases", version=2),
        ReplaceFunction("review_barrings", version=2),
        ReplaceFunction("review_date_casework", version=3),
        ReplaceFunction("review_everybodys", version=3),
        ReplaceFunction("review_note_question", version=3),
        ReplaceFunction("review_people_of", version=2),
        ReplaceFunction("review_sample_is_told", version=2),
        GuardTable("review_sampled", version=3),
    ]
