-- Which of these fingerprints of addresses are somebody's, anywhere in the service: told to an administrator who
-- invites, and nothing else of whose they are.
CREATE OR REPLACE FUNCTION access_addresses_taken(asked text[]) RETURNS SETOF text LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF public.audit_caller() = 'contactpoint_web' AND NOT EXISTS (
        SELECT FROM public.access_user AS reader
        WHERE reader.id = public.access_shown_person() AND reader.role = 'administrator'
            AND EXISTS (SELECT public.access_shown_reach())
    ) THEN
        RAISE EXCEPTION 'only whoever invites asks for addresses' USING ERRCODE = 'CP004';
    END IF;
    RETURN QUERY
        SELECT person.email_fingerprint::text FROM public.access_user AS person
        WHERE person.email_fingerprint = ANY (asked);
END
$$;
