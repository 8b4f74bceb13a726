-- Begun and ended in a system's session through registry_follow and registry_unfollow; the worker tells, and ends what is over.
ALTER TABLE registry_following ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_following TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_following TO contactpoint_worker USING (true);
