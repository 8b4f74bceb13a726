-- Auditors see what was said of the accesses that they see. It is said once, beside its event.
ALTER TABLE review_judgement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_judgement TO contactpoint_owner USING (true);
CREATE POLICY reader_of_access ON review_judgement FOR SELECT TO contactpoint_reader
    USING (EXISTS (SELECT FROM review_explanation AS access WHERE access.event_id = review_judgement.event_id));
CREATE POLICY web_sees ON review_judgement FOR SELECT TO contactpoint_web
    USING (review_sample_is_told(event_id, judged_by_id, verdict));
CREATE POLICY web_judges ON review_judgement FOR INSERT TO contactpoint_web
    WITH CHECK (review_sample_is_told(event_id, judged_by_id, verdict));
