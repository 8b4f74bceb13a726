-- Whether a new identity of this record was asked for and not refused, or made: nothing leads to such a record, or from it.
CREATE OR REPLACE FUNCTION registry_identity_goes_on(record bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.registry_identityrequest AS one WHERE one.child_id = record AND one.outcome <> 'refused'
    ) OR EXISTS (SELECT FROM public.registry_escrow AS one WHERE one.child_id = record)
$$;
