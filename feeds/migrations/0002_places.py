import django.db.models.deletion
from django.db import migrations, models

from database.operations import CreateFunction, DropFunction, ReplaceFunction

# Rows were dealt with in their order, and each has its outcome: so the place of each is how many came before, and a batch
# that is being taken in has reached as many as it counted. Of what a source said, the row that led to that child said it;
# where that cannot be told any more, a number that no row has. No row is
# changed twice: its foreign keys would be asked again, and the table could not be changed before they are.
NUMBER = """
    UPDATE feeds_batchrow AS row SET
        place = numbered.place,
        taken_back = CASE WHEN batch.state <> 'undone' THEN '' WHEN row.code = 'kept' THEN 'kept' ELSE 'undone' END
        FROM (SELECT id, row_number() OVER (PARTITION BY batch_id ORDER BY line, id) AS place FROM feeds_batchrow) AS numbered,
            feeds_batch AS batch
        WHERE numbered.id = row.id AND batch.id = row.batch_id;
    UPDATE feeds_batch SET reached = rows WHERE state IN ('committed', 'done', 'undoing', 'undone');
    UPDATE feeds_batch SET reached = 0 WHERE state NOT IN ('committed', 'done', 'undoing', 'undone');
    UPDATE feeds_match AS one SET place = row.place
        FROM feeds_batchrow AS row WHERE row.batch_id = one.batch_id AND row.line = one.place;
    UPDATE feeds_sourcerecord AS said SET place = coalesce(row.place, -said.id), said_at = batch.received_at
        FROM (
            SELECT id, batch_id, child_id, row_number() OVER (PARTITION BY batch_id, child_id ORDER BY id) AS nth
            FROM feeds_sourcerecord
        ) AS numbered
        JOIN feeds_batch AS batch ON batch.id = numbered.batch_id
        LEFT JOIN (
            SELECT batch_id, child_id, place, row_number() OVER (PARTITION BY batch_id, child_id ORDER BY place) AS nth
            FROM feeds_batchrow WHERE outcome IN ('linked', 'created')
        ) AS row ON row.batch_id = numbered.batch_id AND row.child_id = numbered.child_id AND row.nth = numbered.nth
        WHERE numbered.id = said.id;
"""
# On the way back each row is known by its line again, and two people decide of every match that waits: one too many is better
# than one too few.
BACK = """
    UPDATE feeds_match AS one SET needs = 2, place = coalesce(
        (SELECT row.line FROM feeds_batchrow AS row WHERE row.batch_id = one.batch_id AND row.place = one.place), one.place
    );
    UPDATE feeds_batch AS one SET reached = coalesce(
        (SELECT max(row.line) FROM feeds_batchrow AS row WHERE row.batch_id = one.id), 0
    );
"""

# As the readers named fields then (feeds/readers/): none, or one of them.
FIELDS = [
    "",
    *"""
    Address/AddressLine1 Address/AddressLine2 Address/AddressLine3 Address/AddressLine4 Address/AddressLine5
    Address/Locality Address/PAON Address/PostCode Address/PostTown Address/SAON Address/Street Address/Town
    AddressAsPupil AddressLine1 AddressLine2 AddressLine3 AddressLine4 AddressLine5 BasicDetails/FormerForename
    BasicDetails/FormerSurname BasicDetails/FormerUPN BasicDetails/MiddleNames BasicDetails/PreferredForename
    BasicDetails/PreferredSurname Contacts/Contact Contacts/Contact/Address/AddressAsPupil
    Contacts/Contact/Forename Contacts/Contact/Phones/Phone/PhoneNo Contacts/Contact/Relationship
    Contacts/Contact/Responsibility Contacts/Contact/Surname DOB EntryDate Estab Forename FormerForename
    FormerSurname FormerUPN Gender LEA LeavingDate Locality MiddleNames PAON Patient PhoneNo PostCode PostTown
    PreferredForename PreferredSurname Relationship Responsibility SAON School SchoolHistory/School
    SchoolHistory/School/EntryDate SchoolHistory/School/Estab SchoolHistory/School/LEA
    SchoolHistory/School/LeavingDate SchoolHistory/School/URN Sex Street Surname Town UPN URN address address_1
    address_2 address_3 birthDate confirmed_on contact_family contact_given date_of_birth date_of_death
    deceasedDateTime family former_family former_given former_pupil_number gender generalPractitioner given
    guardian_1_family guardian_1_given guardian_1_lives_with_child guardian_1_relation guardian_1_responsibility
    guardian_1_telephone guardian_2_family guardian_2_given guardian_2_lives_with_child guardian_2_relation
    guardian_2_responsibility guardian_2_telephone guardian_3_family guardian_3_given guardian_3_lives_with_child
    guardian_3_relation guardian_3_responsibility guardian_3_telephone identifier key known_as_family
    known_as_given link meta.security name name.family name.given nhs_number postcode practice_code
    practice_ended_on practice_started_on preferred_family preferred_given pupil_number restricted school_code
    school_ended_on school_started_on superseded_by town
    """.split(),  # noqa: SIM905 - a list of one hundred lines is read by nobody
]


class Migration(migrations.Migration):
    """Rows are told apart by their place among the rows of a batch: several may stand on one line (docs/adr/0047).

    Who decides a match, and how many, is asked when they do. On the way back a batch with two rows on one line is in the
    way.
    """

    dependencies = [("access", "0034_compared"), ("feeds", "0001_initial"), ("registry", "0024_together")]

    operations = [
        migrations.RemoveConstraint("batchrow", "feeds_batchrow_each_line_once"),
        migrations.RemoveConstraint("batchrow", "feeds_batchrow_codes"),
        migrations.RemoveConstraint("match", "feeds_match_each_child_once"),
        migrations.RemoveConstraint("match", "feeds_match_needs_somebody"),
        migrations.RenameField("batch", "line", "reached"),
        migrations.RenameField("match", "line", "place"),
        migrations.AddField("batch", "failures", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("batchrow", "place", models.BigIntegerField(null=True)),
        migrations.AddField(
            "batchrow",
            "taken_back",
            models.CharField(
                blank=True,
                choices=[("undone", "As it was before"), ("kept", "Kept, since others added to it")],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField("sourcerecord", "place", models.BigIntegerField(null=True)),
        migrations.AddField("sourcerecord", "said_at", models.DateTimeField(null=True)),
        migrations.RunSQL(migrations.RunSQL.noop, reverse_sql=BACK),
        migrations.RemoveField("match", "needs"),
        migrations.RunSQL(NUMBER, reverse_sql=migrations.RunSQL.noop),
        migrations.AlterField("batchrow", "place", models.BigIntegerField()),
        migrations.AlterField("sourcerecord", "place", models.BigIntegerField()),
        migrations.AlterField("sourcerecord", "said_at", models.DateTimeField()),
        migrations.AlterField(
            "verdict",
            "match",
            models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to="feeds.match"),
        ),
        migrations.AddConstraint(
            "batchrow", models.UniqueConstraint(fields=("batch", "place"), name="feeds_batchrow_each_place_once")
        ),
        migrations.AddConstraint(
            "batchrow",
            models.CheckConstraint(
                condition=models.Q(("taken_back__in", ["", "undone", "kept"])),
                name="feeds_batchrow_taken_back_is_known",
            ),
        ),
        migrations.AddConstraint(
            "batchrow",
            models.CheckConstraint(
                condition=models.Q(("code__regex", "^[a-z_]*$"), ("field__in", FIELDS)),
                name="feeds_batchrow_codes",
            ),
        ),
        migrations.AddConstraint(
            "match", models.UniqueConstraint(fields=("batch", "place", "child"), name="feeds_match_each_child_once")
        ),
        migrations.AddConstraint(
            "sourcerecord",
            models.UniqueConstraint(fields=("batch", "place"), name="feeds_sourcerecord_one_of_each_row"),
        ),
        CreateFunction("feeds_match_now"),
        ReplaceFunction("feeds_batch_begin", version=2),
        ReplaceFunction("feeds_batch_decide", version=2),
        DropFunction("feeds_batches", version=1),
        CreateFunction("feeds_batches", version=2),
        ReplaceFunction("feeds_match_child", version=2),
        ReplaceFunction("feeds_match_decide", version=2),
        ReplaceFunction("feeds_matches", version=2),
        ReplaceFunction("feeds_refused", version=2),
    ]
