-- No child's row without a record: the web role reads through a function, which asks for a committed event that names the
-- child (sql/functions/registry_read.sql). Row-level security is for everybody, the owner too; owner and worker see all
-- rows, and act for no person.
ALTER TABLE registry_child ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_child TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_child TO contactpoint_worker USING (true);
