-- The worker's alone: no function reads it.
ALTER TABLE registry_newidentity ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_newidentity TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_newidentity TO contactpoint_worker USING (true);
