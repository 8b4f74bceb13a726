-- The life of a user (docs/people.md): state and role change beside their event alone.
CREATE TRIGGER access_user_is_added BEFORE INSERT ON access_user
    FOR EACH ROW EXECUTE FUNCTION access_guard_user();
CREATE TRIGGER access_user_is_changed BEFORE UPDATE ON access_user
    FOR EACH ROW WHEN (NEW.state <> OLD.state OR NEW.role <> OLD.role) EXECUTE FUNCTION access_guard_user();
