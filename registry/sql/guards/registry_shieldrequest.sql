-- The web role asks and decides through registry_shield_ask and registry_shield_decide alone.
ALTER TABLE registry_shieldrequest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_shieldrequest TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_shieldrequest TO contactpoint_worker USING (true);
