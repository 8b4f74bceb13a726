-- The web role sees none: it asks functions (sql/functions/access_mediation_of.sql).
ALTER TABLE access_mediation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_mediation TO contactpoint_owner USING (true);
