-- The web role sees the person whose session is shown, and whomever they may see (access_shown_reach); without one,
-- nobody (docs/adr/0032). Both are asked once a statement: as subqueries of their own, the second of them hashed, since
-- an administrator's reach may be all organisations of England.
ALTER TABLE access_user ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_user TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_user TO contactpoint_worker USING (true);
-- It finds by their address whoever has yet to show who they are.
CREATE POLICY sign_in ON access_user TO contactpoint_sign_in USING (true);
-- Nothing that is sealed of them (by grant).
CREATE POLICY examiner_compares ON access_user FOR SELECT TO contactpoint_examiner USING (true);
CREATE POLICY web_sees ON access_user FOR SELECT TO contactpoint_web USING (
    id = (SELECT access_shown_person()) OR organisation_id IN (SELECT access_shown_reach())
);
CREATE POLICY web_changes ON access_user FOR UPDATE TO contactpoint_web USING (
    id = (SELECT access_shown_person()) OR organisation_id IN (SELECT access_shown_reach())
);
-- Whom the trigger lets in.
CREATE POLICY web_adds ON access_user FOR INSERT TO contactpoint_web WITH CHECK (true);

-- The life of a user (docs/people.md): state and role change beside their event alone.
CREATE TRIGGER access_user_is_added BEFORE INSERT ON access_user
    FOR EACH ROW EXECUTE FUNCTION access_guard_user();
CREATE TRIGGER access_user_is_changed BEFORE UPDATE ON access_user
    FOR EACH ROW WHEN (NEW.state <> OLD.state OR NEW.role <> OLD.role) EXECUTE FUNCTION access_guard_user();
-- What is sealed of somebody is sealed anew by themselves alone, whoever may decide about them.
CREATE TRIGGER access_user_is_resealed BEFORE UPDATE ON access_user
    FOR EACH ROW WHEN (
        (NEW.email, NEW.name, NEW.telephone, NEW.row_version)
            IS DISTINCT FROM (OLD.email, OLD.name, OLD.telephone, OLD.row_version)
    ) EXECUTE FUNCTION access_guard_values();
