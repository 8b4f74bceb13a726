-- Nobody sees one: whoever signs people in asks functions (sql/functions/access_code_make.sql and its like).
ALTER TABLE access_systemcode ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_systemcode TO contactpoint_owner USING (true);
CREATE POLICY worker_sees_ended ON access_systemcode FOR SELECT TO contactpoint_worker
    USING (expires_at <= now() - interval '1 hour');
CREATE POLICY worker_removes_ended ON access_systemcode FOR DELETE TO contactpoint_worker
    USING (expires_at <= now() - interval '1 hour');
