-- Nobody's but the process that signs people in.
ALTER TABLE access_password ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_password TO contactpoint_owner USING (true);
CREATE POLICY sign_in ON access_password TO contactpoint_sign_in USING (true);
