-- Shaped as the policy of registry_child, and for its reason.
ALTER TABLE registry_shield ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_shield TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_shield TO contactpoint_worker USING (true);
CREATE POLICY web_recorded ON registry_shield FOR SELECT TO contactpoint_web
    USING (
        (SELECT registry_child_to_see()) IS NOT NULL
        AND child_id = ANY (ARRAY[(SELECT registry_child_to_see())])
    );
