-- What each supplier says: the worker's alone. No function reads it.
ALTER TABLE feeds_sourcerecord ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON feeds_sourcerecord TO contactpoint_owner USING (true);
CREATE POLICY worker ON feeds_sourcerecord TO contactpoint_worker USING (true);
