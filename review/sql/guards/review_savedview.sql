-- Everybody's own, by the session that is shown.
ALTER TABLE review_savedview ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_savedview TO contactpoint_owner USING (true);
CREATE POLICY web_own ON review_savedview TO contactpoint_web
    USING (user_id = (SELECT access_shown_person()))
    WITH CHECK (user_id = (SELECT access_shown_person()));
