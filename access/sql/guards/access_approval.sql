ALTER TABLE access_approval ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_approval TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_approval TO contactpoint_worker USING (true);
-- With a live session or a token that is good. Who asked and who decided about whom stands there by number: to ask for
-- each row whether its person is seen took twenty times as long, on the start page of whoever decides for all of England.
CREATE POLICY web_sees ON access_approval FOR SELECT TO contactpoint_web
    USING ((SELECT access_shown_person()) IS NOT NULL OR EXISTS (SELECT access_shown_reach()));
CREATE POLICY web_asks ON access_approval FOR INSERT TO contactpoint_web WITH CHECK (
    outcome = '' AND access_told(CASE kind
        WHEN 'sign_in' THEN '{user.sign_in_asked}'
        WHEN 'override' THEN '{user.asked}'
        ELSE '{user.invited,user.asked,user.rejoined,user.suspended}'
    END::text[], user_id, asked_by_id)
);
CREATE POLICY web_decides ON access_approval FOR UPDATE TO contactpoint_web USING (outcome = '') WITH CHECK (
    access_told(CASE
        WHEN outcome = 'approved' AND kind = 'sign_in' THEN '{user.sign_in_reset}'
        WHEN outcome = 'approved' AND kind = 'override' THEN '{grant.given}'
        WHEN outcome = 'approved' THEN '{user.approved,user.reinstated,user.role_changed}'
        WHEN outcome = 'declined' THEN '{user.declined}'
        -- What was asked about somebody who signs in ends with whatever else is decided about them.
        WHEN outcome = 'withdrawn' THEN '{user.left,user.revoked,user.withdrawn}'::text[] || CASE kind
            WHEN 'sign_in' THEN '{user.sign_in_asked,user.approved,user.declined,user.reinstated,user.suspended}'
            WHEN 'role' THEN '{user.asked,user.reinstated,user.suspended}'
            WHEN 'override' THEN '{user.asked,user.reinstated,user.role_changed,user.suspended}'
            ELSE '{user.asked}'
        END::text[]
    END::text[], user_id, decided_by_id)
);

-- Whoever is to get a new sign-in hears of it, whatever asks for it.
CREATE TRIGGER access_approval_tells_of_reset AFTER INSERT ON access_approval
    FOR EACH ROW WHEN (NEW.kind = 'sign_in') EXECUTE FUNCTION access_tell_of_reset();
CREATE TRIGGER access_approval_is_dated BEFORE INSERT OR UPDATE ON access_approval
    FOR EACH ROW EXECUTE FUNCTION access_date_approval();
