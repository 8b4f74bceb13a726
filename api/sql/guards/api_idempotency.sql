-- Nobody sees one: the web role asks functions (sql/functions/api_key_take.sql), and the worker forgets those of yesterday.
ALTER TABLE api_idempotency ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON api_idempotency TO contactpoint_owner USING (true);
CREATE POLICY worker_sees_old ON api_idempotency FOR SELECT TO contactpoint_worker
    USING (taken_at <= now() - interval '24 hours');
CREATE POLICY worker_forgets_old ON api_idempotency FOR DELETE TO contactpoint_worker
    USING (taken_at <= now() - interval '24 hours');
