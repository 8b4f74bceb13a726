-- Doubtful matches are listed, read and decided through functions, by those who answer for the record.
ALTER TABLE feeds_match ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON feeds_match TO contactpoint_owner USING (true);
CREATE POLICY worker ON feeds_match TO contactpoint_worker USING (true);
