-- How many reports wait for the person whose session is shown to answer, as a number alone. Those of which the source was told
-- wait for that one.
CREATE OR REPLACE FUNCTION registry_reports_waiting() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person bigint := public.access_shown_person();
    authorities bigint[];
BEGIN
    SELECT public.registry_shield_authorities(one.id) INTO authorities FROM public.access_user AS one
        WHERE one.id = person AND one.role = 'administrator' AND public.access_may_enter(one.id);
    RETURN (
        SELECT count(*) FROM public.registry_reports_of(authorities) AS whose
        JOIN public.registry_report AS one ON one.id = whose.report_id
        WHERE one.told_at IS NULL AND NOT EXISTS (
            SELECT FROM public.registry_reporter AS own WHERE own.report_id = one.id AND own.person_id = person
        )
    );
END
$$;
