-- The answer that the ticket says is read, and no other, of an authority of the reader's; NULL where there is none.
CREATE OR REPLACE FUNCTION review_answer_to_read(answer bigint) RETURNS review_answer LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    audited bigint[] := public.review_audited();
    found public.review_answer;
BEGIN
    IF ((public.audit_ticket()).fields::text[] = ARRAY['answer.' || answer]) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading an answer is recorded first' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO found FROM public.review_answer AS one WHERE one.id = answer AND one.authority_id = ANY (audited);
    RETURN found;
END
$$;
