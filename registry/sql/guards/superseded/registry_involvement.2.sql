-- It tells where a child lives: of a shielded child the web role sees none of it, whatever its transaction recorded.
-- It is written only where this transaction's event says that the involvements were read to change one.
-- Shaped as the policy of registry_child, and for its reason: the child first, so that how many rows of another child
-- are withdrawn does not show in how often a row was looked at. A withdrawn row is seen by nobody.
ALTER TABLE registry_involvement ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_involvement TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_involvement TO contactpoint_worker USING (true);
CREATE POLICY web_recorded ON registry_involvement FOR SELECT TO contactpoint_web
    USING (
        (SELECT registry_child_to_locate()) IS NOT NULL
        AND child_id = ANY (ARRAY[(SELECT registry_child_to_locate())])
        AND withdrawal IS NULL
    );
CREATE POLICY web_adds ON registry_involvement FOR INSERT TO contactpoint_web
    WITH CHECK (
        (SELECT registry_child_to_keep()) IS NOT NULL
        AND child_id = ANY (ARRAY[(SELECT registry_child_to_keep())])
        AND withdrawal IS NULL
    );
CREATE POLICY web_changes ON registry_involvement FOR UPDATE TO contactpoint_web
    USING (
        (SELECT registry_child_to_keep()) IS NOT NULL
        AND child_id = ANY (ARRAY[(SELECT registry_child_to_keep())])
        AND withdrawal IS NULL
    )
    WITH CHECK (
        (SELECT registry_child_to_keep()) IS NOT NULL
        AND child_id = ANY (ARRAY[(SELECT registry_child_to_keep())])
        AND withdrawal IS NULL
    );
