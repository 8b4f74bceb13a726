-- The web role reads it through registry_read alone.
ALTER TABLE registry_guardian ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_guardian TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_guardian TO contactpoint_worker USING (true);

CREATE TRIGGER registry_guardian_is_new_to_followers AFTER INSERT ON registry_guardian REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION registry_note_changes();
CREATE TRIGGER registry_guardian_changes_for_followers AFTER UPDATE ON registry_guardian REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION registry_note_changes();
CREATE TRIGGER registry_guardian_goes_from_followers AFTER DELETE ON registry_guardian REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION registry_note_changes();
