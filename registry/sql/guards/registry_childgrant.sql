-- That somebody has leave the web role is told by registry_read and registry_own_leave, and writes none.
ALTER TABLE registry_childgrant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_childgrant TO contactpoint_owner USING (true);
