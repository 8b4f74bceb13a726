-- Whether this transaction's own event says that of the answer to a family: by an auditor of its authority, about its
-- record. `who` is whom the row names for the step, `why` the code that the row gives for it.
CREATE OR REPLACE FUNCTION review_answer_is_told(
    told text[], answer bigint, authority bigint, record bigint, who bigint, why text
) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.audit_event AS event
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = ANY (told) AND event.role = 'auditor' AND event.fields[1] = 'answer.' || answer
            AND event.child_id IS NOT DISTINCT FROM record AND event.actor_id = coalesce(who, event.actor_id)
            AND event.reason = coalesce(why, event.reason)
            AND public.access_holds(event.actor_id, authority, '{audit_authority}')
    )
$$;
