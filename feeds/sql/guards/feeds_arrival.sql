-- For the worker alone: which records its processes made lately.
ALTER TABLE feeds_arrival ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON feeds_arrival TO contactpoint_owner USING (true);
CREATE POLICY worker ON feeds_arrival TO contactpoint_worker USING (true) WITH CHECK (true);
