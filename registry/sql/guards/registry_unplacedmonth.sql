-- Written by the worker, and read by the web role through the functions of the list alone.
ALTER TABLE registry_unplacedmonth ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_unplacedmonth TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_unplacedmonth TO contactpoint_worker USING (true);
