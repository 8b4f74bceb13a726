-- Somebody is told of what was done to their ways in, or that an auditor asks them something and waits for it: beside the
-- event of this transaction that says so, and at its time.
CREATE OR REPLACE FUNCTION access_notify(person bigint, told text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO public.access_notice (user_id, what, happened_at)
        SELECT person, told, event.at FROM public.audit_event AS event
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now() AND event.user_id = person
            AND (event.kind, told) IN (
                ('case.asked', 'question'),
                ('case.reminded', 'question_late'),
                ('user.password_changed', 'password'),
                ('user.joined', 'password'),
                ('second_factor.added', 'factor_added'),
                ('second_factor.added', 'codes'),
                ('second_factor.removed', 'factor_removed'),
                ('user.sign_in_asked', 'reset_asked'),
                ('user.sign_in_renewed', 'reset_done')
            )
        ORDER BY event.id DESC LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing recorded says %', told USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;
