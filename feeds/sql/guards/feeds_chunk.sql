-- What was sent, locked for the worker. Added through feeds_batch_part, and read by the worker alone.
ALTER TABLE feeds_chunk ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON feeds_chunk TO contactpoint_owner USING (true);
CREATE POLICY worker ON feeds_chunk TO contactpoint_worker USING (true);
