-- Made by the worker and read by the examiner, which compares; nobody else sees that there is a row.
ALTER TABLE registry_childtraits ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_childtraits TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_childtraits TO contactpoint_worker USING (true);
CREATE POLICY examiner_compares ON registry_childtraits FOR SELECT TO contactpoint_examiner USING (true);
