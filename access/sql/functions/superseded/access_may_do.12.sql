-- What an administrator or an auditor did is asked where the event comes in: of whom, and whether they may. Everything that
-- changes a person wants such an event (sql/guards), so that this is the one place which decides.
CREATE OR REPLACE FUNCTION access_may_do(event audit_event) RETURNS boolean LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    applies text[] := '{administer_organisation,apply_organisation}';
    decides text[] := '{administer_organisation}';
    employer bigint;
BEGIN
    IF event.kind IN ('user.agreed', 'user.password_changed') OR (
        event.kind = 'user.read' AND event.user_id = event.actor_id
    ) THEN
        RETURN event.user_id = event.actor_id;
    END IF;
    IF event.kind = 'people.listed' THEN
        -- Of these the vetting can be read with the ticket.
        RETURN cardinality(event.shown) = 0 OR event.role = 'administrator' AND NOT EXISTS (
            SELECT FROM public.access_user AS person
            WHERE person.id = ANY (event.shown)
                AND NOT public.access_holds(event.actor_id, person.organisation_id, applies)
        );
    END IF;
    IF event.kind LIKE 'answer.%' THEN
        RETURN event.role = 'auditor';
    END IF;
    -- What time does to a record, what comes of a batch or of a decision, and what a directory says, the worker does.
    IF event.kind IN (
        'batch.checked', 'batch.done', 'batch.refused', 'child.archived', 'child.changed', 'child.destroyed', 'child.merged',
        'child.parted', 'cohort.destroyed', 'directory.taken_in', 'report.closed'
    ) THEN
        RETURN event.role = '';
    END IF;
    -- Batches come by a command, too.
    IF event.kind IN ('batch.received', 'batch.committed', 'batch.undone', 'supplier.added', 'supplier.changed') THEN
        RETURN event.role IN ('', 'administrator');
    END IF;
    -- Of which child and authority, the functions ask that take the step (registry/sql/functions).
    IF event.kind IN ('child.kept', 'child.kept_no_more')
        OR event.kind SIMILAR TO '(archive|batch|connection|escrow|handover|identity|match|merge|report|shield|unplaced).%'
    THEN
        RETURN event.role = CASE
            WHEN event.kind IN ('shield.asked', 'shield.overridden', 'connection.asked', 'report.made') THEN 'practitioner'
            WHEN event.kind IN ('shield.spread', 'identity.severed') THEN '' -- the worker's alone
            ELSE 'administrator'
        END;
    END IF;
    -- Auditors work cases, and not their own; whoever they ask answers (review/sql/guards).
    IF event.kind LIKE 'case.%' THEN
        RETURN event.kind = 'case.answered' OR event.role = 'auditor' AND event.user_id IS DISTINCT FROM event.actor_id;
    END IF;
    -- Of which organisation's system an event speaks stands first in it. A practitioner lets one act for them.
    IF event.kind = 'system.allowed' THEN
        RETURN event.role = 'practitioner' AND event.user_id = event.actor_id;
    END IF;
    -- What it fetched and gave back, it said itself (access_token_give).
    IF event.kind IN ('system.token_given', 'system.token_ended') THEN
        RETURN false;
    END IF;
    IF event.kind LIKE 'system.%' THEN
        RETURN event.role = 'administrator' AND public.access_holds(event.actor_id, event.fields[1]::bigint, decides);
    END IF;
    IF event.kind NOT SIMILAR TO '(user|grant|organisation|stop).%' THEN
        RETURN true;
    END IF;
    employer := (SELECT organisation_id FROM public.access_user WHERE id = event.user_id);
    -- An auditor stops somebody at once, because of a case. Only administrators let them in again.
    IF event.kind = 'user.suspended' AND event.role = 'auditor' THEN
        RETURN event.user_id IS DISTINCT FROM event.actor_id AND event.fields[1] LIKE 'case.%' AND event.reason = 'misuse'
            AND public.access_holds(event.actor_id, employer, '{audit_authority}');
    END IF;
    RETURN event.role = 'administrator' AND event.user_id IS DISTINCT FROM event.actor_id AND CASE
        -- Somebody new is nobody's yet: the guard of the table asks for their organisation.
        WHEN event.kind = 'user.invited' AND employer IS NULL THEN event.user_id IS NOT NULL
        WHEN event.kind IN ('user.added', 'user.joined', 'user.sign_in_renewed') THEN false
        WHEN event.kind IN ('user.asked', 'user.invited', 'user.read', 'user.reminded', 'user.vetted', 'user.withdrawn')
            THEN public.access_holds(event.actor_id, employer, applies)
        WHEN event.kind LIKE 'user.%' OR event.kind LIKE 'grant.%'
            THEN public.access_holds(event.actor_id, employer, decides)
        WHEN event.kind = 'organisation.read' THEN public.access_holds(event.actor_id, event.fields[1]::bigint, applies)
        WHEN event.kind LIKE 'organisation.%' THEN public.access_holds(event.actor_id, event.fields[1]::bigint, decides)
            AND (event.kind = 'organisation.changed' OR event.fields[1]::bigint <> event.organisation_id)
        WHEN event.user_id IS NOT NULL THEN public.access_holds(event.actor_id, employer, decides)
        WHEN event.fields[1] = 'organisation'
            THEN public.access_holds(event.actor_id, event.fields[2]::bigint, decides)
        ELSE event.fields = '{service}' AND public.access_may_stop_service(event.actor_id)
    END IS TRUE;
END
$$;
