-- The worker's alone: no function reads it.
ALTER TABLE registry_spareid ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_spareid TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_spareid TO contactpoint_worker USING (true);
