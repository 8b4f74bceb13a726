-- The web role asks for leave, gives and takes it through registry_leave_ask and registry_leave_step alone.
ALTER TABLE registry_leaverequest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_leaverequest TO contactpoint_owner USING (true);
