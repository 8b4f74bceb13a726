-- No child's row without a record: the web role reads through a function, which asks for a committed event that names the
-- child (sql/functions/registry_read.sql). Row-level security is for everybody, the owner too. The worker sees all rows, and
-- acts for no person. The owner, as whom every function runs, sees none of a record that is closed for a new identity
-- (docs/adr/0042) or lies in the archive (docs/adr/0046): so no function shows it, finds it or changes it, whatever it asks.
-- Nor of one that lies under another (docs/adr/0048), but where the ticket is of an event that names that other.
-- The worker destroys what lies in the archive and nothing else.
ALTER TABLE registry_child ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_child TO contactpoint_owner USING (
    NOT severed AND NOT archived AND (merged_into_id IS NULL OR registry_under_is_shown(id, merged_into_id))
);
CREATE POLICY worker ON registry_child TO contactpoint_worker USING (true);
CREATE POLICY worker_destroys_what_is_archived ON registry_child AS RESTRICTIVE FOR DELETE TO contactpoint_worker
    USING (archived);

CREATE TRIGGER registry_child_is_put_under BEFORE UPDATE OF merged_into_id ON registry_child
    FOR EACH ROW WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) EXECUTE FUNCTION registry_child_put_under();
CREATE TRIGGER registry_child_is_made_under BEFORE INSERT ON registry_child
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION registry_child_put_under();
CREATE TRIGGER registry_child_is_closed AFTER UPDATE OF severed, archived, merged_into_id ON registry_child
    FOR EACH ROW WHEN (
        OLD.severed IS DISTINCT FROM NEW.severed OR OLD.archived IS DISTINCT FROM NEW.archived
        OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id
    )
    EXECUTE FUNCTION registry_child_closed();
CREATE TRIGGER registry_child_is_destroyed BEFORE DELETE ON registry_child
    FOR EACH ROW EXECUTE FUNCTION registry_child_destroyed();
