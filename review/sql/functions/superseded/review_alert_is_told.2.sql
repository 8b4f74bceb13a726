-- Whether this transaction's own event says that of an alert: by an auditor of its authority, and never about themselves; of
-- one about an urgent case by whoever may work that.
-- `who` is the one who looks at it. They close it; what concerns everybody, another auditor closes.
CREATE OR REPLACE FUNCTION review_alert_is_told(told text[], alert bigint, who bigint, result text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.audit_event AS event
        JOIN public.audit_raisedalert AS raised ON raised.id = alert
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = ANY (told) AND event.role = 'auditor' AND event.fields[1] = 'alert.' || alert
            AND event.actor_id IS NOT NULL AND event.actor_id IS DISTINCT FROM raised.user_id
            AND event.reason = coalesce(result, event.reason)
            AND CASE
                WHEN who IS NULL THEN true
                WHEN event.kind = 'alert.closed' AND raised.authority_id IS NULL THEN event.actor_id <> who
                ELSE event.actor_id = who
            END
            AND CASE
                WHEN raised.what = 'urgent_case' THEN EXISTS (
                    SELECT FROM public.review_case AS one
                    WHERE raised.subject = 'case.' || one.id
                        AND NOT public.review_people_of(one.id) && public.review_barred_of(event.actor_id)
                        AND (
                            public.access_holds(event.actor_id, one.authority_id, '{audit_authority}')
                            OR one.id = ANY (public.review_everybodys())
                        )
                )
                ELSE raised.authority_id IS NULL
                    OR public.access_holds(event.actor_id, raised.authority_id, '{audit_authority}')
            END
    )
$$;
