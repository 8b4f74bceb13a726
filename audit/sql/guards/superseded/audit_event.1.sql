-- By grant nobody but the owner could change an event; the triggers refuse the owner too, unless the same transaction
-- has recorded that it maintains the log. On rows as well as on statements: a partition can be named directly.
-- Partitions get their own from audit_make_partitions. The reader sees the log only in a transaction that has recorded
-- that a person reads it.
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON audit_event TO contactpoint_owner USING (true);
CREATE POLICY sequencer_seals ON audit_event FOR SELECT TO contactpoint_sequencer USING (true);
CREATE POLICY reader_recorded ON audit_event FOR SELECT TO contactpoint_reader
    USING ((SELECT audit_reading_is_recorded()));

CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse_change();
CREATE TRIGGER audit_event_row_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_refuse_change();
