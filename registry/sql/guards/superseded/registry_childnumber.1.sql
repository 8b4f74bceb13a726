-- It tells where a child lives: of a shielded child the web role sees none of it, whatever its transaction recorded.
-- Shaped as the policy of registry_child, and for its reason.
ALTER TABLE registry_childnumber ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_childnumber TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_childnumber TO contactpoint_worker USING (true);
CREATE POLICY web_recorded ON registry_childnumber FOR SELECT TO contactpoint_web
    USING (
        (SELECT registry_child_to_locate()) IS NOT NULL
        AND child_id = ANY (ARRAY[(SELECT registry_child_to_locate())])
    );
