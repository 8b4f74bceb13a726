-- Who reported what the ticket's event says is read (report.read): their name and the number on which they answer, sealed as they
-- stand with themselves, and where they work. Of whoever works for a sensitive service nothing but when: that they had the record
-- open would say that the service works with the child.
CREATE OR REPLACE FUNCTION registry_report_people() RETURNS TABLE (
    reported_at timestamptz, organisation_id bigint, id bigint, row_version integer, name public.sealed,
    telephone public.sealed
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'report.read') IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of reports is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT who.reported_at, place.id, person.id, person.row_version, person.name, person.telephone
        FROM public.registry_reports() AS one
        JOIN public.registry_reporter AS who ON who.report_id = one.id
        LEFT JOIN public.access_organisation AS place
            ON place.id = who.organisation_id AND place.kind NOT IN ('sexual_health', 'mental_health', 'substance_misuse')
        LEFT JOIN public.access_user AS person ON person.id = who.person_id AND place.id IS NOT NULL
        ORDER BY who.id;
END
$$;
