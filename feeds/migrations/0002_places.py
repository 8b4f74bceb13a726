import django.db.models.deletion
from django.db import migrations, models

from database.operations import CreateFunction, DropFunction, ReplaceFunction

# Rows were dealt with in their order, and each has its outcome: so the place of each is how many came before, and a batch
# that is being taken in has reached as many as it counted. Of what a source said, the row that led to that child said it;
# where that cannot be told any more, a number that no row has.
NUMBER = """
    UPDATE feeds_batchrow AS row SET place = numbered.place
        FROM (SELECT id, row_number() OVER (PARTITION BY batch_id ORDER BY line, id) AS place FROM feeds_batchrow) AS numbered
        WHERE numbered.id = row.id;
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
    UPDATE feeds_batchrow AS row SET taken_back = CASE row.code WHEN 'kept' THEN 'kept' ELSE 'undone' END
        FROM feeds_batch AS batch WHERE batch.id = row.batch_id AND batch.state = 'undone';
"""


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
        migrations.RemoveField("match", "needs"),
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
                condition=models.Q(("code__regex", "^[a-z_]*$"), ("field__regex", "^[A-Za-z0-9_.]*$")),
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
