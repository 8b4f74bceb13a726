-- Whether the examiner knows whom the reader of the log is near to. Until it does no case is shown to them (review_barred_of).
CREATE OR REPLACE FUNCTION review_is_compared() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.review_compared
        WHERE user_id = (public.audit_ticket()).actor_id AND is_auditor AND has_traits
    )
$$;
