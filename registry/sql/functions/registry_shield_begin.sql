-- Shields the child of a request from this moment on. A shield that is in force already rests on this request from now on.
CREATE OR REPLACE FUNCTION registry_shield_begin(request bigint) RETURNS void LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO public.registry_shield (
        child_id, authority_id, request_id, started_on, review_on, lift_reason, steps
    )
    SELECT child_id, authority_id, id, public.access_today(), public.access_today() + 182, '', 0
    FROM public.registry_shieldrequest WHERE id = request
    ON CONFLICT (child_id) WHERE ended_on IS NULL DO UPDATE SET request_id = excluded.request_id
$$;
