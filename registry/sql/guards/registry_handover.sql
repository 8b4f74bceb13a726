-- The web role offers and decides through registry_handover_offer and registry_handover_step. No other process has to do
-- with it.
ALTER TABLE registry_handover ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_handover TO contactpoint_owner USING (true);
