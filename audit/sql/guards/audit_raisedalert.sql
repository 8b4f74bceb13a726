ALTER TABLE audit_raisedalert ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON audit_raisedalert TO contactpoint_owner USING (true);
CREATE POLICY reader_recorded ON audit_raisedalert FOR SELECT TO contactpoint_reader
    USING ((SELECT audit_reading_is_recorded()));
