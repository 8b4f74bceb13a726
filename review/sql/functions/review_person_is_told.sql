-- Whether this transaction's own event says that of one of several people whom a case names, beside the decision of the whole
-- case by the same auditor. Of nobody it is said to be misuse where that of the whole case is not, and so not by one alone.
CREATE OR REPLACE FUNCTION review_person_is_told(about bigint, whom bigint, said text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.audit_event AS event
        JOIN public.review_case AS one ON one.id = about AND one.person_id IS NULL
        JOIN public.review_casework AS work ON work.case_id = about AND work.decided_by_id = event.actor_id
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = 'case.decided' AND event.fields[1] = 'case.' || about AND event.user_id = whom
            AND event.reason = said AND whom = ANY (public.review_people_of(about))
            AND work.decided_at >= now()
            AND (said NOT IN ('to_employer', 'to_police') OR work.result IN ('to_employer', 'to_police'))
    ) AND public.review_case_is_told('{case.decided}', about, NULL, said)
$$;
