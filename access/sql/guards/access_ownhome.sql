-- Whoever is signed in adds their own, and sees how many they told; what was told is never changed (grants.py).
ALTER TABLE access_ownhome ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_ownhome TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_ownhome TO contactpoint_worker USING (true);
CREATE POLICY web_sees ON access_ownhome FOR SELECT TO contactpoint_web USING (
    user_id = (SELECT access_shown_person())
);
CREATE POLICY web_adds ON access_ownhome FOR INSERT TO contactpoint_web WITH CHECK (
    user_id = (SELECT access_shown_person())
);
