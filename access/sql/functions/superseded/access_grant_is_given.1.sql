-- Nobody is made an administrator, auditor or stopper by one person alone: that comes with an approval.
CREATE OR REPLACE FUNCTION access_grant_is_given(
    holder bigint, permission integer, organisation bigint, until date, giver bigint
) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN until <= public.access_today() + 366 AND public.access_told('{grant.given}', holder, giver)
        AND public.access_holds(giver, organisation, '{administer_organisation}')
        AND (
            EXISTS (SELECT FROM public.auth_permission WHERE id = permission AND codename = 'apply_organisation')
            OR public.access_told('{user.approved,user.role_changed}', holder, giver) AND NOT EXISTS (
                SELECT FROM public.auth_permission WHERE id = permission AND codename = 'stop_service'
            )
        );
END
$$;
