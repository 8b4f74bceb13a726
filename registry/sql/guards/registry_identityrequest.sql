-- The web role asks and decides through registry_identity_ask and registry_identity_decide, and never reads what is wanted.
ALTER TABLE registry_identityrequest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_identityrequest TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_identityrequest TO contactpoint_worker USING (true);

CREATE TRIGGER registry_identityrequest_comes_after_parting BEFORE INSERT ON registry_identityrequest
    FOR EACH ROW EXECUTE FUNCTION registry_merge_keeps_identity();
