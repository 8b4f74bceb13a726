-- Whether this transaction's own event says that of an access that was drawn: by an auditor of its authority who is not
-- barred from its person.
CREATE OR REPLACE FUNCTION review_sample_is_told(drawn bigint, who bigint, said text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.audit_event AS event
        JOIN public.review_sampled AS sampled ON sampled.event_id = drawn
        JOIN public.review_explanation AS access ON access.event_id = drawn
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = 'case.judged' AND event.role = 'auditor' AND event.fields[1] = 'event.' || drawn
            AND event.actor_id = who AND event.reason = said
            AND access.person_id <> ALL (public.review_barred_of(event.actor_id))
            AND public.access_holds(event.actor_id, sampled.authority_id, '{audit_authority}')
    )
$$;
