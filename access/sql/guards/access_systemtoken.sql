-- Nobody sees one: it is made, loaded and given back by functions (sql/functions/access_token_give.sql and its like).
ALTER TABLE access_systemtoken ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_systemtoken TO contactpoint_owner USING (true);
CREATE POLICY worker_sees_ended ON access_systemtoken FOR SELECT TO contactpoint_worker USING (expires_at <= now());
CREATE POLICY worker_removes_ended ON access_systemtoken FOR DELETE TO contactpoint_worker USING (expires_at <= now());
