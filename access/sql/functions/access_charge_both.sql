-- Both that an event names. The mediator first, always: whoever else charges the two waits in the same order.
CREATE OR REPLACE FUNCTION access_charge_both(actor bigint, holder text, colleague bigint, spent text, amount bigint)
    RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM public.access_charge(actor, holder, spent, amount);
    IF holder = 'mediator' THEN
        PERFORM public.access_charge(person.id, person.role, spent, amount)
            FROM public.access_user AS person WHERE person.id = colleague;
    END IF;
END
$$;
