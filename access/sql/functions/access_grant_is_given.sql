-- Nobody is made an administrator, auditor or stopper by one person alone: that comes with an approval. Nor may somebody
-- override shields because of one person: another asked for it, and whoever gives it approved that here and now, for 26 weeks
-- at most, to a practitioner of the police or of an authority, on their own organisation.
CREATE OR REPLACE FUNCTION access_grant_is_given(
    holder bigint, permission integer, organisation bigint, until date, giver bigint
) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    what text := (SELECT codename FROM public.auth_permission WHERE id = permission);
BEGIN
    RETURN until <= public.access_today() + 366 AND public.access_told('{grant.given}', holder, giver)
        AND public.access_holds(giver, organisation, '{administer_organisation}')
        AND CASE what
            WHEN 'apply_organisation' THEN true
            WHEN 'stop_service' THEN false
            WHEN 'override_shield' THEN until <= public.access_today() + 183
                AND public.access_told_fields('grant.given', giver, holder, '{override_shield}')
                AND public.access_is_approved(holder, '{override}', 'practitioner', giver)
                AND EXISTS (
                    SELECT FROM public.access_user AS person
                    JOIN public.access_organisation AS employer ON employer.id = person.organisation_id
                    WHERE person.id = holder AND employer.id = organisation AND employer.kind IN ('authority', 'police')
                        AND person.role = 'practitioner' AND person.state = 'active'
                )
            ELSE public.access_told('{user.approved,user.role_changed}', holder, giver)
        END;
END
$$;
