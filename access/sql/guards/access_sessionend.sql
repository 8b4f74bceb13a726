-- The web role sees none: it asks a function (sql/functions/access_session_ended.sql).
ALTER TABLE access_sessionend ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_sessionend TO contactpoint_owner USING (true);
CREATE POLICY worker_sees_untold ON access_sessionend FOR SELECT TO contactpoint_worker USING (told_until <= now());
CREATE POLICY worker_removes_untold ON access_sessionend FOR DELETE TO contactpoint_worker USING (told_until <= now());
