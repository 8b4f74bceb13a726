-- Whether this transaction's own event says that of a case: by an auditor of its authority, or of any where it concerns
-- everybody, and never by somebody who is barred from it. `who` is the one who must have done it, `result` what came of it.
CREATE OR REPLACE FUNCTION review_case_is_told(told text[], about bigint, who bigint, result text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.audit_event AS event
        JOIN public.review_case AS one ON one.id = about
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = ANY (told) AND event.role = 'auditor' AND event.fields[1] = 'case.' || about
            AND event.user_id = one.person_id AND event.actor_id = coalesce(who, event.actor_id)
            AND event.reason = coalesce(result, event.reason)
            AND one.person_id <> ALL (public.review_barred_of(event.actor_id))
            AND (
                public.access_holds(event.actor_id, one.authority_id, '{audit_authority}')
                OR one.person_id = ANY (public.review_everybodys())
            )
    )
$$;
