ALTER TABLE review_recorded ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_recorded TO contactpoint_owner USING (true);
CREATE POLICY examiner ON review_recorded TO contactpoint_examiner USING (true);
