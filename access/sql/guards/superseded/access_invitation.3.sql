ALTER TABLE access_invitation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_invitation TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_invitation TO contactpoint_worker USING (true);
-- Of people whom one sees.
CREATE POLICY web_sees ON access_invitation FOR SELECT TO contactpoint_web
    USING (EXISTS (SELECT FROM access_user AS person WHERE person.id = user_id));
CREATE POLICY web_sends ON access_invitation FOR INSERT TO contactpoint_web WITH CHECK (
    sent_at IS NULL AND refused_at IS NULL AND CASE purpose
        WHEN 'join' THEN access_told('{user.invited,user.rejoined}', user_id, invited_by_id)
        WHEN 'reset' THEN access_reset_is_agreed(user_id, invited_by_id)
    END
);
