-- Auditors see it of their own authorities, beside a reading of the log, and never what is about themselves.
ALTER TABLE review_tally ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_tally TO contactpoint_owner USING (true);
CREATE POLICY examiner ON review_tally TO contactpoint_examiner USING (true);
CREATE POLICY reader_of_authority ON review_tally FOR SELECT TO contactpoint_reader USING (
    authority_id = ANY ((SELECT review_audited())::bigint[]) AND user_id IS DISTINCT FROM (SELECT review_reader())
);
