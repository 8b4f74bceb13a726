-- Kept by the worker; told through feeds_suppliers. Nothing personal stands here.
ALTER TABLE feeds_supplier ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON feeds_supplier TO contactpoint_owner USING (true);
CREATE POLICY worker ON feeds_supplier TO contactpoint_worker USING (true);
