-- Whom each of these auditors neither sees a case of nor works one: themself; auditors who work for the same employer, of whom
-- they are colleagues; whoever recorded evidence of theirs, asked for them or decided about them in the last year, on whom
-- their own access hangs; and whom the examiner found to be near to them.
CREATE OR REPLACE FUNCTION review_barrings(auditors bigint[]) RETURNS TABLE (auditor_id bigint, person_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT own, own FROM unnest(auditors) AS own
    UNION
    SELECT own.id, other.id FROM public.access_user AS own
        JOIN public.access_user AS other ON other.organisation_id = own.organisation_id AND other.role = 'auditor'
        WHERE own.id = ANY (auditors)
    UNION
    SELECT item.user_id, item.recorded_by_id FROM public.access_vettingitem AS item
        WHERE item.user_id = ANY (auditors) AND item.recorded_by_id IS NOT NULL
            AND item.checked_on > public.access_today() - 365
    UNION
    SELECT approval.user_id, who FROM public.access_approval AS approval, unnest(ARRAY[asked_by_id, decided_by_id]) AS who
        WHERE approval.user_id = ANY (auditors) AND who IS NOT NULL AND asked_at > now() - interval '1 year'
    UNION
    SELECT conflict.auditor_id, conflict.person_id FROM public.review_conflict AS conflict
        WHERE conflict.auditor_id = ANY (auditors)
$$;
