-- The web role reads it through registry_read alone.
ALTER TABLE registry_childaddress ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_childaddress TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_childaddress TO contactpoint_worker USING (true);
