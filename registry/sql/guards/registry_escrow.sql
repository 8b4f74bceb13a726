-- Written by the worker, which does not read it again, and opened by the sequencer; the web role sees an answer through
-- registry_escrow_answer alone.
ALTER TABLE registry_escrow ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_escrow TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_escrow TO contactpoint_worker USING (true) WITH CHECK (answer IS NULL);
CREATE POLICY sequencer ON registry_escrow TO contactpoint_sequencer USING (true);
