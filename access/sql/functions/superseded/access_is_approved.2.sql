-- That somebody else approved it, here and now; what was approved once opens nothing a second time. Where no person asked,
-- somebody else than the approver recorded some of the evidence.
CREATE OR REPLACE FUNCTION access_is_approved(person bigint, wanted text[], for_role text, by_whom bigint)
    RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_approval
        WHERE user_id = person AND kind = ANY (wanted) AND role = for_role AND outcome = 'approved'
            AND decided_by_id = by_whom AND decided_at = now()
            AND (asked_by_id NOT IN (person, by_whom) OR public.access_vetted_by_another(person, by_whom))
    ) AND NOT EXISTS (
        SELECT FROM public.access_approval WHERE user_id = person AND kind = ANY (wanted) AND outcome = ''
    )
$$;
