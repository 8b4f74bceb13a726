-- The people whose cases an auditor neither sees nor works: themself; auditors who work for the same employer, of whom they
-- are colleagues; and whoever recorded evidence of theirs, asked for them or decided about them in the last year, on whom
-- their own access hangs.
CREATE OR REPLACE FUNCTION review_barred_of(auditor bigint) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(
        SELECT auditor
        UNION
        SELECT other.id FROM public.access_user AS own
            JOIN public.access_user AS other ON other.organisation_id = own.organisation_id AND other.role = 'auditor'
            WHERE own.id = auditor
        UNION
        SELECT recorded_by_id FROM public.access_vettingitem
            WHERE user_id = auditor AND recorded_by_id IS NOT NULL AND checked_on > public.access_today() - 365
        UNION
        SELECT who FROM public.access_approval AS approval, unnest(ARRAY[asked_by_id, decided_by_id]) AS who
            WHERE approval.user_id = auditor AND who IS NOT NULL AND asked_at > now() - interval '1 year'
    )
$$;
