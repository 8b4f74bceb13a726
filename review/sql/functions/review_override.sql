-- Overrides a shield, as this transaction's events say, and has it looked into from that moment on: a case for the auditors of
-- the authority of whoever does it, and one for those of the authority that answers for the child. What is noted and the cases
-- are one step, and registry_read shows the record for what is noted alone, once it is committed: without an investigation
-- nobody sees it. Returns whether it was done: not where the child is not shielded, or the second factor was not shown anew.
CREATE OR REPLACE FUNCTION review_override() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    made public.registry_override;
BEGIN
    SELECT * INTO made FROM public.registry_override();
    IF made.id IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO public.review_case (
        person_id, organisation_id, authority_id, override_id, opened_at, last_at, score, urgent_at, growing
    )
    SELECT made.user_id, made.organisation_id, whose, made.id, made.at, made.at, 0, made.at, true
    FROM public.access_organisation AS employer
    CROSS JOIN LATERAL (
        SELECT coalesce(employer.responsible_authority_id, employer.id) UNION SELECT made.authority_id
    ) AS of (whose)
    WHERE employer.id = made.organisation_id;
    RETURN true;
END
$$;
