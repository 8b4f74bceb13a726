ALTER TABLE access_grant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_grant TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_grant TO contactpoint_worker USING (true);
CREATE POLICY web_sees ON access_grant FOR SELECT TO contactpoint_web USING (true);
CREATE POLICY web_gives ON access_grant FOR INSERT TO contactpoint_web WITH CHECK (
    access_grant_is_given(user_id, permission_id, organisation_id, expires_on, given_by_id)
);
CREATE POLICY web_renews ON access_grant FOR UPDATE TO contactpoint_web USING (
    access_told('{grant.given}', user_id, access_actor())
) WITH CHECK (access_grant_is_given(user_id, permission_id, organisation_id, expires_on, given_by_id));
CREATE POLICY web_takes ON access_grant FOR DELETE TO contactpoint_web USING (
    access_told('{grant.taken}', user_id, access_actor())
);
