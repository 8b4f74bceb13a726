-- Whom a mediator may help, asked anew at each event: a practitioner of the mediator's own authority; and both might
-- come in themselves this very moment. Not whose app may be in other hands: its codes are what is read out.
CREATE OR REPLACE FUNCTION access_may_be_helped(helper bigint, asking bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_user AS colleague
        JOIN public.access_organisation AS employer ON employer.id = colleague.organisation_id
        JOIN public.access_user AS mediator ON mediator.id = helper AND mediator.role = 'mediator'
        JOIN public.access_organisation AS office ON office.id = mediator.organisation_id
        WHERE colleague.id = asking AND colleague.role = 'practitioner'
            AND public.access_may_enter(colleague.id) AND public.access_may_enter(mediator.id)
            AND NOT public.access_awaits_new_sign_in(colleague.id)
            AND coalesce(employer.responsible_authority_id, employer.id)
                = coalesce(office.responsible_authority_id, office.id)
    )
$$;
