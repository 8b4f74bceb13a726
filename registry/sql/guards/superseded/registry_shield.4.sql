-- The web role reads that there is one through registry_read, and begins, reviews and lifts one through registry_shield_ask,
-- registry_shield_decide and registry_shield_step alone.
ALTER TABLE registry_shield ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_shield TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_shield TO contactpoint_worker USING (true);

CREATE TRIGGER registry_shield_takes_out_of_search AFTER INSERT ON registry_shield
    FOR EACH ROW WHEN (NEW.filed_at IS NULL AND NEW.ended_on IS NULL) EXECUTE FUNCTION registry_shield_begun();
CREATE TRIGGER registry_shield_stays_for_a_new_identity BEFORE UPDATE OF ended_on ON registry_shield
    FOR EACH ROW WHEN (NEW.ended_on IS NOT NULL AND OLD.ended_on IS NULL) EXECUTE FUNCTION registry_identity_keeps_shield();
