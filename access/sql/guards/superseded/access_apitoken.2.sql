-- Those of organisations within reach may be seen; which fingerprints they have may not (contactpoint/grants.py).
ALTER TABLE access_apitoken ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_apitoken TO contactpoint_owner USING (true);
CREATE POLICY web_lists ON access_apitoken FOR SELECT TO contactpoint_web
    USING (organisation_id IN (SELECT access_shown_reach()));
CREATE POLICY web_makes ON access_apitoken FOR INSERT TO contactpoint_web
    WITH CHECK (revoked_at IS NULL AND access_token_is_kept('token.made', responsible_id, organisation_id));
CREATE POLICY web_revokes ON access_apitoken FOR UPDATE TO contactpoint_web
    USING (access_token_is_kept('token.revoked', responsible_id, organisation_id))
    WITH CHECK (revoked_at IS NOT NULL);
