-- A system is good for somebody while nothing speaks against it: neither the system itself, nor its organisation, nor where
-- they work. Asked on each use. That they may come in themselves is asked besides.
CREATE OR REPLACE FUNCTION access_system_standing(asked bigint, person bigint) RETURNS text LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    system public.access_clientsystem;
BEGIN
    SELECT * INTO system FROM public.access_clientsystem WHERE id = asked;
    RETURN CASE
        WHEN system.id IS NULL OR system.revoked_at IS NOT NULL THEN 'revoked'
        WHEN system.accredited_at IS NULL THEN 'waiting'
        WHEN system.accredited_until < public.access_today() THEN 'expired'
        WHEN NOT public.access_organisation_is_open(system.organisation_id) THEN 'organisation'
        WHEN person IS NOT NULL AND NOT EXISTS (
            SELECT FROM public.access_user AS one
            JOIN public.access_organisation AS employer ON employer.id = one.organisation_id
            WHERE one.id = person AND one.role = 'practitioner'
                AND system.organisation_id IN (employer.id, employer.responsible_authority_id)
        ) THEN 'elsewhere'
        ELSE ''
    END;
END
$$;
