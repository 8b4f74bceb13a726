-- The canonical line of an event (docs/access-log.md).
CREATE OR REPLACE FUNCTION audit_line(event audit_event) RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT concat(
        '1|', event.id, '|', event.transaction_id, '|', (extract(epoch FROM event.at) * 1000000)::bigint,
        '|', event.kind, '|', event.outcome, '|', event.actor_id, '|', event.process, '|', event.role,
        '|', event.organisation_id, '|', event.authority_id, '|', event.session_id, '|', event.request_id,
        '|', event.child_id, '|', event.user_id, '|', event.reason, '|', array_to_string(event.shown, ','),
        '|', array_to_string(event.fields, ','), '|', event.trail,
        '|', encode(sha256(event.criteria), 'hex'), '|', event.writer, '|', event.number,
        '|', array_to_string(event.voided, ','), '|', encode(event.authentication, 'hex')
    )
$$;
