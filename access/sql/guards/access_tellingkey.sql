-- Public keys: the worker says which it holds, and whoever serves publishes them.
ALTER TABLE access_tellingkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_tellingkey TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_tellingkey TO contactpoint_worker USING (true);
CREATE POLICY web_publishes ON access_tellingkey FOR SELECT TO contactpoint_web USING (true);
