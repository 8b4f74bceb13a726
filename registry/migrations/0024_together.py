from django.db import migrations, models

from database.operations import CreateFunction, DropFunction, ReplaceFunction


class Migration(migrations.Migration):
    """Records that lie together have one authority, one shield and one consent, and none waits for what is archived.

    What is told of a compared record, and whether a session looked a number up, is one function each (docs/adr/0048).
    """

    dependencies = [("access", "0034_compared"), ("registry", "0023_merging")]

    operations = [
        migrations.AddField("keeping", "taken_from", models.BigIntegerField(null=True)),
        CreateFunction("registry_compared"),
        CreateFunction("registry_number_led_to"),
        CreateFunction("registry_merge_goes_on"),
        ReplaceFunction("registry_archive_answer", version=2),
        ReplaceFunction("registry_archives", version=2),
        ReplaceFunction("registry_child_closed", version=4),
        ReplaceFunction("registry_child_destroyed", version=5),
        ReplaceFunction("registry_child_put_under", version=2),
        ReplaceFunction("registry_handover_goes_along", version=2),
        ReplaceFunction("registry_handover_may_know", version=2),
        ReplaceFunction("registry_handover_offer", version=2),
        ReplaceFunction("registry_identity_led_to", version=2),
        ReplaceFunction("registry_identity_who", version=2),
        ReplaceFunction("registry_keeping_step", version=2),
        ReplaceFunction("registry_merge_ask", version=2),
        ReplaceFunction("registry_merge_decide", version=2),
        ReplaceFunction("registry_merge_keeps_identity", version=2),
        ReplaceFunction("registry_merge_led_to", version=2),
        ReplaceFunction("registry_merge_who", version=2),
        DropFunction("registry_handover_led_to"),
    ]
