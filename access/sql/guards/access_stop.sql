ALTER TABLE access_stop ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_stop TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_stop TO contactpoint_worker USING (true);
-- Of people whom one sees; those of organisations and of the service everybody.
CREATE POLICY web_sees ON access_stop FOR SELECT TO contactpoint_web
    USING (user_id IS NULL OR EXISTS (SELECT FROM access_user AS person WHERE person.id = user_id));
CREATE POLICY web_begins ON access_stop FOR INSERT TO contactpoint_web WITH CHECK (
    lifted_at IS NULL AND access_stop_is_told('stop.begun', begun_by_id, scope, user_id, organisation_id)
);
CREATE POLICY web_lifts ON access_stop FOR UPDATE TO contactpoint_web USING (lifted_at IS NULL) WITH CHECK (
    lifted_at IS NOT NULL AND access_stop_is_told('stop.lifted', lifted_by_id, scope, user_id, organisation_id)
);
