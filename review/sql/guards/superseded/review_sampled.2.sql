-- Auditors see which accesses of their own authorities were drawn, and none of whom they are barred from. Why each was
-- drawn, and whether anything was found with it, does not stand here.
ALTER TABLE review_sampled ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_sampled TO contactpoint_owner USING (true);
CREATE POLICY examiner ON review_sampled TO contactpoint_examiner USING (true);
CREATE POLICY reader_of_authority ON review_sampled FOR SELECT TO contactpoint_reader USING (
    authority_id = ANY ((SELECT review_audited())::bigint[])
    AND EXISTS (SELECT FROM review_explanation AS access WHERE access.event_id = review_sampled.event_id)
);
