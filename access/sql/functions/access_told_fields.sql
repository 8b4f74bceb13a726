-- As access_told, where the event's fields begin with those that are asked for.
CREATE OR REPLACE FUNCTION access_told_fields(wanted text, who bigint, about bigint, first text[]) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.audit_event
        WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = wanted
            AND actor_id IS NOT DISTINCT FROM who AND user_id IS NOT DISTINCT FROM about
            AND fields[1:cardinality(first)]::text[] = first
    );
END
$$;
