ALTER TABLE access_invitation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_invitation TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_invitation TO contactpoint_worker USING (true);
CREATE POLICY web_sees ON access_invitation FOR SELECT TO contactpoint_web USING (true);
CREATE POLICY web_sends ON access_invitation FOR INSERT TO contactpoint_web WITH CHECK (
    sent_at IS NULL AND refused_at IS NULL
    AND access_told('{user.invited,user.rejoined}', user_id, invited_by_id)
);
