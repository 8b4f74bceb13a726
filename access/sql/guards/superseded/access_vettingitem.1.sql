ALTER TABLE access_vettingitem ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_vettingitem TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_vettingitem TO contactpoint_worker USING (true);
CREATE POLICY web_sees ON access_vettingitem FOR SELECT TO contactpoint_web
    USING (user_id = ANY ((SELECT access_people_to_see())::bigint[]));
CREATE POLICY web_adds ON access_vettingitem FOR INSERT TO contactpoint_web
    WITH CHECK (access_item_is_told(user_id, kind, checked_on, expires_on, recorded_by_id, version));
CREATE POLICY web_renews ON access_vettingitem FOR UPDATE TO contactpoint_web
    USING (user_id = ANY ((SELECT access_people_to_see())::bigint[]))
    WITH CHECK (access_item_is_told(user_id, kind, checked_on, expires_on, recorded_by_id, version));

CREATE TRIGGER access_vettingitem_added AFTER INSERT ON access_vettingitem REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION access_keep_valid_until();
CREATE TRIGGER access_vettingitem_changed AFTER UPDATE ON access_vettingitem REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION access_keep_valid_until();
CREATE TRIGGER access_vettingitem_removed AFTER DELETE ON access_vettingitem REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION access_keep_valid_until();
