-- The web role reads it through registry_read alone. Of a record that is closed the owner's functions see none, so that
-- nobody is led to it by an NHS number either.
ALTER TABLE registry_childnumber ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_childnumber TO contactpoint_owner
    USING (EXISTS (SELECT FROM registry_child AS child WHERE child.id = child_id));
CREATE POLICY worker ON registry_childnumber TO contactpoint_worker USING (true);

CREATE TRIGGER registry_childnumber_is_new_to_followers AFTER INSERT ON registry_childnumber REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION registry_note_changes();
CREATE TRIGGER registry_childnumber_changes_for_followers AFTER UPDATE ON registry_childnumber REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION registry_note_changes();
CREATE TRIGGER registry_childnumber_goes_from_followers AFTER DELETE ON registry_childnumber REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION registry_note_changes();
