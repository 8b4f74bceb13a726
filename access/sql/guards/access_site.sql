ALTER TABLE access_site ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_site TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_site TO contactpoint_worker USING (true);
CREATE POLICY web_sees ON access_site FOR SELECT TO contactpoint_web USING (true);
CREATE POLICY web_adds ON access_site FOR INSERT TO contactpoint_web WITH CHECK (
    access_organisation_is_changed(organisation_id)
);
