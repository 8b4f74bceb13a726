-- Noted by the worker, which tells; shown to whoever sees the system.
ALTER TABLE access_telling ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_telling TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_telling TO contactpoint_worker USING (true);
CREATE POLICY web_lists ON access_telling FOR SELECT TO contactpoint_web
    USING (system_id IN (SELECT id FROM access_clientsystem));
