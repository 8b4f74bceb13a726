-- Steps in people's lives, what lets many in or out at once, what takes a way in away from its owner, that somebody misused
-- the service, that a child is shielded or no more, who sees one all the same, what becomes of an identity, which records are
-- one and who answers for them, what a supplier may say, which system may act for people, and what goes out of the house: for
-- these whoever does it has shown their second factor just now.
CREATE OR REPLACE FUNCTION access_is_decision(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT kind IN (
        'answer.released', 'archive.given', 'batch.committed', 'batch.undone', 'case.agreed', 'child.kept',
        'child.kept_no_more', 'escrow.opened', 'grant.given', 'handover.accepted', 'identity.approved', 'merge.approved',
        'merge.part_approved', 'organisation.accredited', 'supplier.added', 'supplier.changed',
        'second_factor.removed', 'shield.approved', 'shield.granted', 'shield.lifted', 'shield.overridden', 'stop.begun',
        'stop.lifted', 'system.accredited', 'system.revoked', 'user.approved', 'user.password_changed', 'user.reinstated',
        'user.rejoined', 'user.revoked', 'user.role_changed', 'user.sign_in_asked', 'user.sign_in_reset', 'user.vetted'
    )
$$;
