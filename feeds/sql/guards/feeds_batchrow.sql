-- What became of each row: the worker's; what was refused is given back through feeds_refused.
ALTER TABLE feeds_batchrow ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON feeds_batchrow TO contactpoint_owner USING (true);
CREATE POLICY worker ON feeds_batchrow TO contactpoint_worker USING (true);
