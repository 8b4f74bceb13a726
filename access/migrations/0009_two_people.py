from django.db import migrations

# Whoever lets somebody in never has the only part in it (ADR 22). Asked by the guard of a person's state, and by the
# pages that say who can decide; it tells of no item more than that another recorded one.
VETTED = """
    CREATE FUNCTION access_vetted_by_another(person bigint, than bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.access_vettingitem WHERE user_id = person AND recorded_by_id NOT IN (person, than)
        )
    $$;
"""
NOT_VETTED = "DROP FUNCTION access_vetted_by_another(bigint, bigint);"

# That somebody else approved it, here and now; what was approved once opens nothing a second time. Where no person asked,
# somebody else than the approver recorded some of the evidence.
APPROVED = """
    CREATE OR REPLACE FUNCTION access_is_approved(person bigint, wanted text[], for_role text, by_whom bigint)
        RETURNS boolean LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.access_approval
            WHERE user_id = person AND kind = ANY (wanted) AND role = for_role AND outcome = 'approved'
                AND decided_by_id = by_whom AND decided_at = now()
                AND (asked_by_id NOT IN (person, by_whom) OR public.access_vetted_by_another(person, by_whom))
        ) AND NOT EXISTS (
            SELECT FROM public.access_approval WHERE user_id = person AND kind = ANY (wanted) AND outcome = ''
        )
    $$;
"""
# As 0005 had it.
NOT_APPROVED = """
    CREATE OR REPLACE FUNCTION access_is_approved(person bigint, wanted text[], for_role text, by_whom bigint)
        RETURNS boolean LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.access_approval
            WHERE user_id = person AND kind = ANY (wanted) AND role = for_role AND outcome = 'approved'
                AND decided_by_id = by_whom AND decided_at = now()
        ) AND NOT EXISTS (
            SELECT FROM public.access_approval WHERE user_id = person AND kind = ANY (wanted) AND outcome = ''
        )
    $$;
"""


class Migration(migrations.Migration):
    """Two people have a part in letting somebody in, also where no person asked for it."""

    dependencies = [("access", "0008_reminders")]

    operations = [
        migrations.RunSQL(sql=VETTED, reverse_sql=NOT_VETTED),
        migrations.RunSQL(sql=APPROVED, reverse_sql=NOT_APPROVED),
    ]
