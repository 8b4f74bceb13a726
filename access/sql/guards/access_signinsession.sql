-- Nobody's but the process that signs people in; the worker deletes what is over.
ALTER TABLE access_signinsession ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_signinsession TO contactpoint_owner USING (true);
CREATE POLICY sign_in ON access_signinsession TO contactpoint_sign_in USING (true);
CREATE POLICY worker_sees_ended ON access_signinsession FOR SELECT TO contactpoint_worker USING (expires_at <= now());
CREATE POLICY worker_removes_ended ON access_signinsession FOR DELETE TO contactpoint_worker
    USING (expires_at <= now());
