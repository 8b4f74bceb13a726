-- The web role reads it through registry_read alone.
ALTER TABLE registry_childaddress ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_childaddress TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_childaddress TO contactpoint_worker USING (true);

CREATE TRIGGER registry_childaddress_is_new_to_followers AFTER INSERT ON registry_childaddress REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION registry_note_changes();
CREATE TRIGGER registry_childaddress_changes_for_followers AFTER UPDATE ON registry_childaddress REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION registry_note_changes();
CREATE TRIGGER registry_childaddress_goes_from_followers AFTER DELETE ON registry_childaddress REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION registry_note_changes();
