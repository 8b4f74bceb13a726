-- The examiner's alone: how everybody stood when auditors were compared with them.
ALTER TABLE review_compared ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_compared TO contactpoint_owner USING (true);
CREATE POLICY examiner ON review_compared TO contactpoint_examiner USING (true);
