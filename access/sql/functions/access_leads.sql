-- The life of a user, as access.rules.lifecycle has it; a test compares the two.
CREATE OR REPLACE FUNCTION access_leads(kind text, before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (kind, before, after) IN (
        ('user.joined', 'invited', 'joining'),
        ('user.approved', 'joining', 'active'),
        ('user.declined', 'joining', 'left'),
        ('user.withdrawn', 'invited', 'left'),
        ('user.withdrawn', 'joining', 'left'),
        ('user.suspended', 'joining', 'suspended'),
        ('user.suspended', 'active', 'suspended'),
        ('user.reinstated', 'suspended', 'active'),
        ('user.left', 'joining', 'left'),
        ('user.left', 'active', 'left'),
        ('user.left', 'suspended', 'left'),
        ('user.revoked', 'joining', 'revoked'),
        ('user.revoked', 'active', 'revoked'),
        ('user.revoked', 'suspended', 'revoked'),
        ('user.rejoined', 'left', 'joining'),
        ('user.rejoined', 'revoked', 'joining')
    )
$$;
