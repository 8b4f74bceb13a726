-- The hours are the database's. Whoever decides changes nothing about who works on it, and whoever agrees or sends it back
-- nothing about what was decided: to that alone somebody agrees, and whoever decided it does not take it back. What was said
-- of each of several people is taken back with the decision that is sent back. What is found after a case was closed is
-- another one.
CREATE OR REPLACE FUNCTION review_date_casework() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.taken_at := clock_timestamp();
        RETURN NEW;
    END IF;
    IF NEW.result <> '' OR OLD.result <> '' THEN
        NEW.taken_by_id := OLD.taken_by_id;
        NEW.taken_at := OLD.taken_at;
    ELSE
        NEW.taken_at := clock_timestamp();
    END IF;
    IF OLD.result <> '' AND NEW.result <> '' THEN
        IF NEW.closed_at IS NULL THEN
            RAISE EXCEPTION 'the case is decided, and waits for a second auditor' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.result := OLD.result;
        NEW.decided_by_id := OLD.decided_by_id;
        NEW.decided_at := OLD.decided_at;
    ELSIF NEW.result <> '' THEN
        IF NEW.agreed_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'nobody agrees to what was not decided before' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.decided_at := clock_timestamp();
    ELSIF OLD.result <> '' THEN
        IF NOT public.review_case_is_told('{case.returned}', NEW.case_id, NULL, OLD.result)
            OR public.review_case_is_told('{case.returned}', NEW.case_id, OLD.decided_by_id, NULL)
        THEN
            RAISE EXCEPTION 'another than decided it sends it back' USING ERRCODE = 'insufficient_privilege';
        END IF;
        DELETE FROM public.review_personresult WHERE case_id = NEW.case_id;
    END IF;
    IF NEW.closed_at IS NOT NULL THEN
        NEW.closed_at := clock_timestamp();
        UPDATE public.review_case SET growing = false WHERE id = NEW.case_id;
    END IF;
    RETURN NEW;
END
$$;
