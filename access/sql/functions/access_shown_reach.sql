-- The organisations whose people may be seen with the session or the token that this connection shows: those that an
-- administrator decides or applies for, those that an auditor audits, those whose people ring a mediator, those for
-- which a system tells who has left; each with the ones that it answers for. None for anybody else, without a second factor,
-- for somebody in a system, or for whoever may not come in this very moment. Policies ask it once a statement.
CREATE OR REPLACE FUNCTION access_shown_reach() RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person public.access_user;
    system public.access_clientsystem;
    held bigint[];
BEGIN
    SELECT someone.* INTO person FROM public.access_session AS live
        JOIN public.access_user AS someone ON someone.id = live.user_id
        WHERE live.id = public.access_shown('session') AND live.expires_at > clock_timestamp()
            AND live.second_factor_at IS NOT NULL AND live.system_id IS NULL;
    SELECT one.* INTO system FROM public.access_systemtoken AS token
        JOIN public.access_clientsystem AS one ON one.id = token.system_id
        WHERE token.id = public.access_shown('token') AND token.expires_at > clock_timestamp() AND one.purpose = 'leavers';
    held := CASE
        WHEN person.role IN ('administrator', 'auditor') AND public.access_may_enter(person.id) THEN ARRAY(
            SELECT given.organisation_id FROM public.access_grant AS given
            JOIN public.auth_permission AS what ON what.id = given.permission_id
            WHERE given.user_id = person.id AND given.expires_on >= public.access_today() AND what.codename = ANY (
                CASE person.role WHEN 'auditor' THEN '{audit_authority}'::text[]
                ELSE '{administer_organisation,apply_organisation}' END
            )
        )
        WHEN person.role = 'mediator' AND public.access_may_enter(person.id) THEN ARRAY(
            SELECT coalesce(responsible_authority_id, id) FROM public.access_organisation
            WHERE id = person.organisation_id
        )
        WHEN system.id IS NOT NULL AND public.access_system_standing(system.id, NULL) = '' THEN ARRAY[system.organisation_id]
    END;
    RETURN QUERY
        SELECT one FROM unnest(held) AS one
        UNION
        SELECT other.id FROM public.access_organisation AS other WHERE other.responsible_authority_id IN (
            SELECT one FROM unnest(held) AS one
        );
END
$$;
