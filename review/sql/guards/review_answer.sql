-- An answer is begun, confirmed, given back, released and closed beside the event that says so. What was released or closed
-- changes no more. Auditors read those of their authorities, with the ticket of a reading of the log.
ALTER TABLE review_answer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_answer TO contactpoint_owner USING (true);
CREATE POLICY reader_recorded ON review_answer FOR SELECT TO contactpoint_reader
    USING (authority_id = ANY ((SELECT review_audited())::bigint[]));
CREATE POLICY web_sees ON review_answer FOR SELECT TO contactpoint_web USING (review_answer_is_told(
    '{answer.begun,answer.confirmed,answer.returned,answer.released,answer.closed}', id, authority_id, child_id, NULL, NULL
));
CREATE POLICY web_begins ON review_answer FOR INSERT TO contactpoint_web WITH CHECK (
    confirmed_at IS NULL AND released_at IS NULL AND closed_at IS NULL
    AND review_answer_is_told('{answer.begun}', id, authority_id, child_id, begun_by_id, asker)
);
CREATE POLICY web_goes_on ON review_answer FOR UPDATE TO contactpoint_web USING (
    released_at IS NULL AND closed_at IS NULL AND review_answer_is_told(
        '{answer.confirmed,answer.returned,answer.released,answer.closed}', id, authority_id, child_id, NULL, NULL
    )
) WITH CHECK (
    CASE
        WHEN closed_at IS NOT NULL AND released_at IS NULL
            THEN review_answer_is_told('{answer.closed}', id, authority_id, child_id, closed_by_id, result)
        WHEN closed_at IS NOT NULL THEN false
        WHEN released_at IS NOT NULL
            THEN review_answer_is_told('{answer.released}', id, authority_id, child_id, released_by_id, NULL)
        WHEN confirmed_at IS NOT NULL
            THEN review_answer_is_told('{answer.confirmed}', id, authority_id, child_id, confirmed_by_id, NULL)
        ELSE review_answer_is_told('{answer.returned}', id, authority_id, child_id, NULL, NULL)
    END
);

CREATE TRIGGER review_answer_goes_step_by_step BEFORE INSERT OR UPDATE ON review_answer
    FOR EACH ROW EXECUTE FUNCTION review_answer_step();
