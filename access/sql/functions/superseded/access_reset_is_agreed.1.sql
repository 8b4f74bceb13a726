-- That two administrators agree, here and now, to give somebody a new sign-in: one asked, and another says so in this
-- transaction. Each of the two has shown a second factor just then (access_is_decision).
CREATE OR REPLACE FUNCTION access_reset_is_agreed(person bigint, by_whom bigint) RETURNS boolean LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN public.access_told('{user.sign_in_reset}', person, by_whom) AND EXISTS (
        SELECT FROM public.access_approval AS approval JOIN public.access_user AS asked ON asked.id = approval.user_id
        WHERE approval.user_id = person AND approval.kind = 'sign_in' AND approval.outcome = 'approved'
            AND approval.decided_by_id = by_whom AND approval.decided_at = now()
            AND approval.asked_by_id NOT IN (person, by_whom) AND asked.state = 'active'
    );
END
$$;
