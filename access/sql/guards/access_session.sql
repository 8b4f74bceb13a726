-- The web role sees none: it asks functions (sql/functions/access_session_load.sql).
ALTER TABLE access_session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_session TO contactpoint_owner USING (true);
CREATE POLICY worker_sees_ended ON access_session FOR SELECT TO contactpoint_worker USING (expires_at <= now());
CREATE POLICY worker_removes_ended ON access_session FOR DELETE TO contactpoint_worker USING (expires_at <= now());

-- One in a system is somebody's from the first: at the end of the transaction its sign-in has been recorded.
CREATE CONSTRAINT TRIGGER access_session_begins AFTER INSERT ON access_session DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.system_id IS NOT NULL) EXECUTE FUNCTION access_guard_session_begins();
CREATE TRIGGER access_session_ends AFTER DELETE ON access_session FOR EACH ROW WHEN (OLD.user_id IS NOT NULL)
    EXECUTE FUNCTION access_note_session_end();
