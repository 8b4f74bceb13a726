-- Who has the address of that fingerprint: a person whom the shown session may see; for an auditor also another auditor,
-- who may have taken or closed an alert that concerns everybody.
CREATE OR REPLACE FUNCTION access_person_with_address(asked text) RETURNS bigint LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT person.id FROM public.access_user AS person
        WHERE person.email_fingerprint = asked AND EXISTS (
            SELECT FROM public.access_user AS reader, public.access_shown_reach() AS seen
            WHERE reader.id = public.access_shown_person() AND (
                seen = person.organisation_id OR reader.role = 'auditor' AND person.role = 'auditor'
            )
        )
    );
END
$$;
