ALTER TABLE review_inquiry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_inquiry TO contactpoint_owner USING (true);
CREATE POLICY reader_recorded ON review_inquiry FOR SELECT TO contactpoint_reader
    USING ((SELECT audit_reading_is_recorded()));
CREATE POLICY web_sees ON review_inquiry FOR SELECT TO contactpoint_web
    USING (review_alert_is_told('{alert.taken,alert.closed}', alert_id, NULL, NULL));
CREATE POLICY web_takes ON review_inquiry FOR INSERT TO contactpoint_web WITH CHECK (
    closed_at IS NULL AND review_alert_is_told('{alert.taken}', alert_id, taken_by_id, NULL)
);
CREATE POLICY web_goes_on ON review_inquiry FOR UPDATE TO contactpoint_web USING (
    closed_at IS NULL AND review_alert_is_told('{alert.taken,alert.closed}', alert_id, NULL, NULL)
) WITH CHECK (
    CASE
        WHEN closed_at IS NULL THEN review_alert_is_told('{alert.taken}', alert_id, taken_by_id, NULL)
        ELSE review_alert_is_told('{alert.closed}', alert_id, taken_by_id, result)
    END
);

CREATE TRIGGER review_inquiry_is_dated BEFORE INSERT OR UPDATE ON review_inquiry
    FOR EACH ROW EXECUTE FUNCTION review_date_inquiry();
