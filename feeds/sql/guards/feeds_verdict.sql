-- What somebody said of a doubtful match: written by feeds_match_decide, read by functions.
ALTER TABLE feeds_verdict ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON feeds_verdict TO contactpoint_owner USING (true);
CREATE POLICY worker ON feeds_verdict TO contactpoint_worker USING (true);
