-- Those of organisations within reach may be seen, and all of them where people let one act for them.
ALTER TABLE access_clientsystem ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_clientsystem TO contactpoint_owner USING (true);
CREATE POLICY sign_in ON access_clientsystem FOR SELECT TO contactpoint_sign_in USING (true);
CREATE POLICY web_lists ON access_clientsystem FOR SELECT TO contactpoint_web
    USING (organisation_id IN (SELECT access_shown_reach()));
CREATE POLICY web_asks ON access_clientsystem FOR INSERT TO contactpoint_web
    WITH CHECK (accredited_at IS NULL AND revoked_at IS NULL
        AND access_system_is_told('system.asked', organisation_id, id, asked_by_id));
CREATE POLICY web_decides ON access_clientsystem FOR UPDATE TO contactpoint_web
    USING (organisation_id IN (SELECT access_shown_reach()));

CREATE TRIGGER access_clientsystem_changes BEFORE UPDATE ON access_clientsystem FOR EACH ROW
    EXECUTE FUNCTION access_guard_system();
