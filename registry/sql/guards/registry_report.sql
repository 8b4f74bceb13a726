-- Made through registry_report_make, answered through registry_report_answer, read through functions. The worker looks up who
-- said what is reported, closes what changed since, seals with the record, and forgets.
ALTER TABLE registry_report ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_report TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_report TO contactpoint_worker USING (true);
