-- Auditors see what came of those whom the cases name that they see. It is said beside the decision, once; a decision that is
-- sent back takes it along (review_date_casework).
ALTER TABLE review_personresult ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_personresult TO contactpoint_owner USING (true);
CREATE POLICY reader_of_case ON review_personresult FOR SELECT TO contactpoint_reader
    USING (EXISTS (SELECT FROM review_case AS one WHERE one.id = case_id));
CREATE POLICY web_sees ON review_personresult FOR SELECT TO contactpoint_web
    USING (review_person_is_told(case_id, person_id, result));
CREATE POLICY web_decides ON review_personresult FOR INSERT TO contactpoint_web
    WITH CHECK (review_person_is_told(case_id, person_id, result));
