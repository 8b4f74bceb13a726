-- Written by registry_connection_step, and read through registry_connection_notes alone.
ALTER TABLE registry_connectionnote ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_connectionnote TO contactpoint_owner USING (true);
