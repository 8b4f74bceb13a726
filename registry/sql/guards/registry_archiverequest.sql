-- The web role asks, decides and reads through registry_archive_ask, _decide and _answer. The worker answers what was given.
ALTER TABLE registry_archiverequest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_archiverequest TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_archiverequest TO contactpoint_worker USING (outcome = 'given');
