-- Auditors see what was asked in the cases that they see; whoever is asked sees it with their session alone. It is asked,
-- heard and answered beside the event that says so, once, and nobody deletes any.
ALTER TABLE review_question ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_question TO contactpoint_owner USING (true);
CREATE POLICY reader_of_case ON review_question FOR SELECT TO contactpoint_reader
    USING (EXISTS (SELECT FROM review_case AS one WHERE one.id = case_id));
CREATE POLICY web_is_asked ON review_question FOR SELECT TO contactpoint_web USING (
    asked_of = 'person' AND person_id = (SELECT access_shown_person())
    OR asked_of = 'manager' AND person_id <> (SELECT access_shown_person())
        AND organisation_id IN (SELECT review_asked_places())
);
CREATE POLICY web_sees ON review_question FOR SELECT TO contactpoint_web
    USING (review_case_is_told('{case.asked,case.heard}', case_id, asked_by_id, NULL));
CREATE POLICY web_asks ON review_question FOR INSERT TO contactpoint_web WITH CHECK (
    CASE
        WHEN answer = '' THEN review_case_is_told('{case.asked}', case_id, asked_by_id, NULL)
        ELSE answered_by_id = asked_by_id AND review_case_is_told('{case.heard}', case_id, asked_by_id, answer)
    END
);
CREATE POLICY web_answers ON review_question FOR UPDATE TO contactpoint_web USING (
    answered_at IS NULL AND (
        asked_of = 'person' AND person_id = (SELECT access_shown_person())
        OR asked_of = 'manager' AND person_id <> (SELECT access_shown_person())
            AND organisation_id IN (SELECT review_asked_places())
    )
) WITH CHECK (
    answer <> '' AND answered_by_id = (SELECT access_shown_person())
    AND access_told_fields('case.answered', answered_by_id, person_id, ARRAY['question.' || id])
);

CREATE TRIGGER review_question_is_noted BEFORE INSERT OR UPDATE ON review_question
    FOR EACH ROW EXECUTE FUNCTION review_note_question();
