from importlib import import_module

from django.db import migrations

import encryption.fields

before = import_module("registry.migrations.0003_row_level_security")
HIDDEN = "withdrawal IS NULL"

# Who withdrew it, when and why is sealed in the row; that there is something sealed says that it is withdrawn.
LEADS_NOTHING = """
    ALTER TABLE registry_involvement ADD CONSTRAINT registry_involvement_withdrawn_leads_nothing
        CHECK (withdrawal IS NULL OR NOT lead);
"""
LEADS = "ALTER TABLE registry_involvement DROP CONSTRAINT registry_involvement_withdrawn_leads_nothing;"


def policies(seen: str, kept: str) -> str:
    return f"""
        ALTER POLICY web_recorded ON registry_involvement USING ({seen});
        ALTER POLICY web_adds ON registry_involvement WITH CHECK ({kept});
        ALTER POLICY web_changes ON registry_involvement USING ({kept}) WITH CHECK ({kept});
    """


SEEN = before.is_child("child_id", "locate")
# The child first: how many rows are withdrawn, of any other child, must not show in how often a row was looked at.
FORGETTING = policies(f"{SEEN} AND {HIDDEN}", f"{before.KEPT} AND {HIDDEN}")
REMEMBERING = policies(SEEN, before.KEPT)

# The one way in which the web role withdraws anything, and there is no way back: only the involvement of the child whose
# withdrawal, with its reason, this transaction has recorded, and only as it was read. By a function, since what a policy
# hides afterwards cannot be changed under that policy.
WITHDRAWING = """
    CREATE FUNCTION registry_involvement_withdraw(withdrawn bigint, version integer, told sealed) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        UPDATE public.registry_involvement SET lead = false, withdrawal = told
            WHERE id = withdrawn AND row_version = version AND withdrawal IS NULL
                AND child_id = public.registry_child_to_keep() AND child_id = (
                    SELECT event.child_id FROM public.audit_event AS event
                    WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
                        AND event.kind = 'involvement.withdrawn' AND event.actor_id IS NOT NULL AND event.reason <> ''
                    ORDER BY event.id DESC LIMIT 1
                );
        RETURN FOUND;
    END
    $$;
"""
NOT_WITHDRAWING = "DROP FUNCTION registry_involvement_withdraw(bigint, integer, sealed);"


class Migration(migrations.Migration):
    """An involvement that was recorded by mistake can be withdrawn: nobody who opens the record sees it any more."""

    dependencies = [("registry", "0006_charge_both"), ("audit", "0007_withdrawn_and_recalled")]

    operations = [
        migrations.AddField("involvement", "withdrawal", encryption.fields.SealedField(default=None, null=True)),
        migrations.RunSQL(sql=LEADS_NOTHING, reverse_sql=LEADS),
        migrations.RunSQL(sql=FORGETTING, reverse_sql=REMEMBERING),
        migrations.RunSQL(sql=WITHDRAWING, reverse_sql=NOT_WITHDRAWING),
    ]
