-- Who reported something: written by registry_report_make, read by functions; it goes with the report.
ALTER TABLE registry_reporter ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_reporter TO contactpoint_owner USING (true);
