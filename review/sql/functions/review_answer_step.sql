-- The hours are the database's. A step changes what it is about and nothing of the steps before it: whoever releases an
-- answer is not made the one who confirmed it, nor the other way round.
CREATE OR REPLACE FUNCTION review_answer_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.begun_at := clock_timestamp();
        RETURN NEW;
    END IF;
    IF NEW.closed_at IS NOT NULL OR NEW.released_at IS NOT NULL THEN
        NEW.confirmed_by_id := OLD.confirmed_by_id;
        NEW.confirmed_at := OLD.confirmed_at;
    ELSIF NEW.confirmed_at IS NOT NULL THEN
        NEW.confirmed_at := clock_timestamp();
    END IF;
    IF NEW.closed_at IS NOT NULL THEN
        NEW.closed_at := clock_timestamp();
    ELSIF NEW.released_at IS NOT NULL THEN
        NEW.released_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;
