-- Takes the step with a request about two records that this transaction's event says: approved by another person than asked,
-- who has compared them, too; or refused, also by who asked. `seen` is how many steps the page knew of. Returns whether it was
-- taken: not where somebody else was faster, nor where the record that would go under is shielded since, and the other is not,
-- nor where one authority does not answer for both any more.
CREATE OR REPLACE FUNCTION registry_merge_decide(request bigint, seen integer) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{merge.approved,merge.part_approved,merge.refused}');
    approves boolean := event.kind <> 'merge.refused';
    asked public.registry_mergerequest;
    stays public.registry_child;
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['merge.' || request]) IS NOT TRUE THEN
        RAISE EXCEPTION 'a step with a request is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    PERFORM FROM public.registry_child AS child JOIN public.registry_mergerequest AS one
        ON one.id = request AND child.id IN (one.child_id, one.into_id) ORDER BY child.id FOR UPDATE OF child;
    SELECT * INTO stays FROM public.registry_child WHERE id = event.child_id AND merged_into_id IS NULL;
    SELECT * INTO asked FROM public.registry_mergerequest AS one
        WHERE one.id = request AND one.into_id = stays.id FOR UPDATE;
    IF NOT FOUND OR NOT stays.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id))
        OR approves AND (
            event.actor_id = asked.asked_by_id OR event.kind = 'merge.approved' AND asked.parts
            OR event.kind = 'merge.part_approved' AND NOT asked.parts
            OR NOT public.registry_merge_compared(event, stays, asked.child_id)
        )
    THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF asked.steps IS DISTINCT FROM seen OR asked.outcome <> '' OR approves AND event.reason <> asked.reason
        OR approves AND NOT asked.parts AND (
            public.registry_shielded_together(asked.child_id) AND NOT public.registry_shielded_together(stays.id)
            OR NOT EXISTS (
                SELECT FROM public.registry_child AS under
                WHERE under.id = asked.child_id AND under.responsible_authority_id = stays.responsible_authority_id
            )
        )
    THEN
        RETURN false;
    END IF;
    UPDATE public.registry_mergerequest AS one SET
        steps = one.steps + 1,
        outcome = CASE WHEN approves THEN 'approved' ELSE 'refused' END,
        refusal = CASE WHEN approves THEN '' ELSE event.reason END,
        decided_by_id = event.actor_id,
        decided_at = clock_timestamp()
        WHERE one.id = request;
    RETURN true;
END
$$;
