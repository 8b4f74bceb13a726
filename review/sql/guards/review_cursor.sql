ALTER TABLE review_cursor ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_cursor TO contactpoint_owner USING (true);
CREATE POLICY examiner ON review_cursor TO contactpoint_examiner USING (true);
