-- Written by the worker, and read by the web role through the functions of the list alone.
ALTER TABLE registry_unplaced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_unplaced TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_unplaced TO contactpoint_worker USING (true);
