-- The web role takes each step through registry_keeping_step. The worker notes what it has sealed, and says nothing of consent.
ALTER TABLE registry_keeping ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_keeping TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_keeping TO contactpoint_worker USING (true);
