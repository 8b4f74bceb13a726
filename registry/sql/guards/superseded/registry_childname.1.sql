-- Former names, too, lead to where a child lived: of a shielded child the web role sees the legal name alone.
-- Shaped as the policy of registry_child, and for its reason.
ALTER TABLE registry_childname ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_childname TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_childname TO contactpoint_worker USING (true);
CREATE POLICY web_recorded ON registry_childname FOR SELECT TO contactpoint_web
    USING (
        ((SELECT registry_child_to_see()) IS NOT NULL
        AND child_id = ANY (ARRAY[(SELECT registry_child_to_see())]))
        AND (kind = 'legal' OR (
            (SELECT registry_child_to_locate()) IS NOT NULL
            AND child_id = ANY (ARRAY[(SELECT registry_child_to_locate())])
        ))
    );
