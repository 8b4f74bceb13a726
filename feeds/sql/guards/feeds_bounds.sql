-- The worker suggests; whoever keeps the feed decides, through feeds_bounds_decide. The worker can put nothing in force, and
-- changes nothing that it suggested.
ALTER TABLE feeds_bounds ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON feeds_bounds TO contactpoint_owner USING (true);
CREATE POLICY worker_reads ON feeds_bounds FOR SELECT TO contactpoint_worker USING (true);
CREATE POLICY worker_suggests ON feeds_bounds FOR INSERT TO contactpoint_worker
    WITH CHECK (state = 'suggested' AND decided_by_id IS NULL AND decided_at IS NULL);
