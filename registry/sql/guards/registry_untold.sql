-- Written by triggers, whoever changes a record (registry_note_changes); worked off by the worker.
ALTER TABLE registry_untold ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_untold TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_untold TO contactpoint_worker USING (true);
