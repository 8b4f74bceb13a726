-- Read through registry_read; written, and seen to be written, only where this transaction's own event says what is changed
-- (registry_child_to_keep). The policy asks first whether there is a child at all, then whether the row is theirs, and then
-- whether it was withdrawn, so that how many rows of another child are withdrawn does not show in how often a row was
-- looked at. Sub-selects, so that each is looked up once in a query. A withdrawn row is seen by nobody. What stands on a record
-- that lies under the child's is changed as well, where it stands; what is new stands on the child's own. Asked twice:
-- once as cheaply as what somebody asks themself, so that it comes before that, and once so that an index answers both. Else it
-- would show in the plan whether anything stands there.
ALTER TABLE registry_involvement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_involvement TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_involvement TO contactpoint_worker USING (true);
CREATE POLICY web_reads ON registry_involvement FOR SELECT TO contactpoint_web
    USING (
        (SELECT registry_child_to_keep()) IS NOT NULL
        AND (SELECT registry_children_to_keep())::bigint[] @> ARRAY[child_id]
        AND child_id = ANY ((SELECT registry_children_to_keep())::bigint[])
        AND withdrawal IS NULL
    );
CREATE POLICY web_keeps ON registry_involvement FOR UPDATE TO contactpoint_web
    USING (
        (SELECT registry_child_to_keep()) IS NOT NULL
        AND (SELECT registry_children_to_keep())::bigint[] @> ARRAY[child_id]
        AND child_id = ANY ((SELECT registry_children_to_keep())::bigint[])
        AND withdrawal IS NULL
    );
CREATE POLICY web_adds ON registry_involvement FOR INSERT TO contactpoint_web
    WITH CHECK (
        (SELECT registry_child_to_keep()) IS NOT NULL
        AND child_id = ANY (ARRAY[(SELECT registry_child_to_keep())])
        AND withdrawal IS NULL
    );

CREATE TRIGGER registry_involvement_stays BEFORE UPDATE OF child_id ON registry_involvement
    FOR EACH ROW WHEN (OLD.child_id IS DISTINCT FROM NEW.child_id) EXECUTE FUNCTION registry_involvement_stays();
