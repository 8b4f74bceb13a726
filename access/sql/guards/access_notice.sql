-- Written by a function alone (sql/functions/access_notify.sql); the worker sends what is written, and marks it.
ALTER TABLE access_notice ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_notice TO contactpoint_owner USING (true);
CREATE POLICY worker_reads ON access_notice FOR SELECT TO contactpoint_worker USING (true);
CREATE POLICY worker_marks ON access_notice FOR UPDATE TO contactpoint_worker
    USING (sent_at IS NULL AND refused_at IS NULL) WITH CHECK (true);
