-- The web role asks and decides through registry_escrow_ask and registry_escrow_decide; the sequencer answers.
ALTER TABLE registry_escrowrequest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_escrowrequest TO contactpoint_owner USING (true);
CREATE POLICY sequencer ON registry_escrowrequest TO contactpoint_sequencer USING (true);
