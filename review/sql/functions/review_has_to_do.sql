-- Whether the event is one by which somebody had to do with a record: of those who may open records, and none of an
-- auditor's own making. What an auditor reads would otherwise lead them to whatever they name.
CREATE OR REPLACE FUNCTION review_has_to_do(event audit_event) RETURNS boolean LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT event.actor_id IS NOT NULL AND event.role IN ('practitioner', 'mediator')
        AND (event.kind LIKE 'child.%' OR event.kind LIKE 'involvement.%' OR event.kind IN ('access.refused', 'report.made'))
$$;
