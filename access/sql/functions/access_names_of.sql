-- The names, sealed as they stand, of those of these people whom the shown session may see, and of those whose names
-- stand on its pages beside them; nothing else of the latter. A practitioner is told which mediator acted in their name;
-- an administrator who of the authority itself decides, asked and checked, who was granted it, and who stopped the
-- service.
CREATE OR REPLACE FUNCTION access_names_of(asked bigint[])
    RETURNS TABLE (id bigint, row_version integer, name sealed) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    reader public.access_user;
    reach bigint[] := ARRAY(SELECT public.access_shown_reach());
    authorities bigint[];
BEGIN
    SELECT person.* INTO reader FROM public.access_user AS person WHERE person.id = public.access_shown_person();
    authorities := ARRAY(
        SELECT DISTINCT coalesce(one.responsible_authority_id, one.id) FROM public.access_organisation AS one
        WHERE one.id = reader.organisation_id OR reader.role = 'administrator' AND one.id = ANY (reach)
    );
    RETURN QUERY
        SELECT person.id, person.row_version, person.name FROM public.access_user AS person
        JOIN public.access_organisation AS employer ON employer.id = person.organisation_id
        WHERE person.id = ANY (asked) AND (
            person.id = reader.id OR employer.id = ANY (reach)
            OR CASE reader.role
                WHEN 'administrator' THEN cardinality(reach) > 0 AND (
                    person.role <> 'practitioner' AND employer.id = ANY (authorities)
                    OR EXISTS (
                        SELECT FROM public.access_grant AS given WHERE given.user_id = person.id
                            AND (given.organisation_id = ANY (reach) OR given.organisation_id = ANY (authorities))
                    )
                    OR EXISTS (
                        SELECT FROM public.access_stop AS stop
                        WHERE stop.begun_by_id = person.id AND stop.scope = 'service' AND stop.lifted_at IS NULL
                    )
                )
                ELSE person.role = 'mediator'
                    AND coalesce(employer.responsible_authority_id, employer.id) = ANY (authorities)
            END
        );
END
$$;
