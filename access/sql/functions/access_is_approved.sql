-- That somebody else approved it, here and now; what was approved once opens nothing a second time. Each of the questions
-- was another's: they asked it, or have recorded some of the evidence since it was asked.
CREATE OR REPLACE FUNCTION access_is_approved(person bigint, wanted text[], for_role text, by_whom bigint)
    RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(bool_and(
        coalesce(asked_by_id NOT IN (person, by_whom), false) OR public.access_vetted_by_another(id, by_whom)
    ), false) AND NOT EXISTS (
        SELECT FROM public.access_approval WHERE user_id = person AND kind = ANY (wanted) AND outcome = ''
    )
    FROM public.access_approval
    WHERE user_id = person AND kind = ANY (wanted) AND role = for_role AND outcome = 'approved'
        AND decided_by_id = by_whom AND decided_at = now()
$$;
