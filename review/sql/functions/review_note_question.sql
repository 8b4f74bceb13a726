-- Whose case it is, and where they work, the database notes; and the hours are its own. Whoever works on a case asks, and
-- about accesses of that person alone: a mediator's are those in a colleague's name. In a case about a child it is one of
-- those whom it names. The person who is asked is told by letter of the question, and of its being late, that stands here.
CREATE OR REPLACE FUNCTION review_note_question() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT person.id, person.organisation_id INTO NEW.person_id, NEW.organisation_id
            FROM public.review_case AS one
            JOIN public.review_casework AS work ON work.case_id = one.id
            JOIN public.access_user AS person ON person.id = coalesce(one.person_id, NEW.person_id)
                AND person.id = ANY (public.review_people_of(one.id))
            WHERE one.id = NEW.case_id AND work.taken_by_id = NEW.asked_by_id AND work.result = '';
        IF NOT FOUND OR NOT EXISTS (
            SELECT FROM public.audit_event AS event
            WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
                AND event.kind IN ('case.asked', 'case.heard') AND event.fields[1] = 'case.' || NEW.case_id
                AND event.user_id = NEW.person_id
        ) OR EXISTS (
            SELECT FROM unnest(NEW.events) AS asked (event_id) WHERE NOT EXISTS (
                SELECT FROM public.review_explanation AS access
                WHERE access.event_id = asked.event_id AND NEW.person_id IN (access.person_id, access.actor_id)
            )
        ) THEN
            RAISE EXCEPTION 'whoever works on a case asks, and about somebody whom it names' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.asked_at := clock_timestamp();
        IF NEW.asked_of = 'person' AND NEW.answer = '' THEN
            INSERT INTO public.access_notice (user_id, what, happened_at) VALUES (NEW.person_id, 'question', NEW.asked_at);
        END IF;
    ELSIF NEW.reminded_at IS DISTINCT FROM OLD.reminded_at THEN
        NEW.reminded_at := clock_timestamp();
        INSERT INTO public.access_notice (user_id, what, happened_at)
            VALUES (NEW.person_id, 'question_late', NEW.reminded_at);
    END IF;
    IF NEW.answer <> '' THEN
        NEW.answered_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;
