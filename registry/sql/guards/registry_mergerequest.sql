-- The web role asks and decides through registry_merge_ask and registry_merge_decide; the worker notes what it has done.
ALTER TABLE registry_mergerequest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_mergerequest TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_mergerequest TO contactpoint_worker USING (true);
