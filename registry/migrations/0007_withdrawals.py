from django.db import migrations

import encryption.fields
from database.operations import CreateFunction, GuardTable

# Who withdrew it, when and why is sealed in the row; that there is something sealed says that it is withdrawn.
LEADS_NOTHING = """
    ALTER TABLE registry_involvement ADD CONSTRAINT registry_involvement_withdrawn_leads_nothing
        CHECK (withdrawal IS NULL OR NOT lead);
"""
LEADS = "ALTER TABLE registry_involvement DROP CONSTRAINT registry_involvement_withdrawn_leads_nothing;"


class Migration(migrations.Migration):
    """An involvement that was recorded by mistake can be withdrawn: nobody who opens the record sees it any more."""

    dependencies = [("registry", "0006_charge_both"), ("audit", "0007_withdrawn_and_recalled")]

    operations = [
        migrations.AddField("involvement", "withdrawal", encryption.fields.SealedField(default=None, null=True)),
        migrations.RunSQL(sql=LEADS_NOTHING, reverse_sql=LEADS),
        GuardTable("registry_involvement", version=2),
        CreateFunction("registry_involvement_withdraw"),
    ]
