-- Made by the worker and read by the examiner, which compares; nobody else sees that there is a row.
ALTER TABLE access_usertraits ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_usertraits TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_usertraits TO contactpoint_worker USING (true);
CREATE POLICY examiner_compares ON access_usertraits FOR SELECT TO contactpoint_examiner USING (true);
