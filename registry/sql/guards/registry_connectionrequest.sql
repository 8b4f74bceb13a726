-- The web role asks for a connection through registry_connection_ask, and notes and closes through registry_connection_step
-- alone. No other process has to do with it.
ALTER TABLE registry_connectionrequest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_connectionrequest TO contactpoint_owner USING (true);
