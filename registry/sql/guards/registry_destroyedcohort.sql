-- The worker's alone: no function reads it. What is certified is not taken back.
ALTER TABLE registry_destroyedcohort ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_destroyedcohort TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_destroyedcohort TO contactpoint_worker USING (true);
