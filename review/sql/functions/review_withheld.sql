-- What the log is not shown to its reader of, by how fields of its events begin: cases from which they are barred, the alerts
-- and the questions of these. What others do about such a case would tell that there is one.
CREATE OR REPLACE FUNCTION review_withheld() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH barred AS (SELECT one AS id FROM unnest(public.review_barred_cases()) AS one)
    SELECT ARRAY(
        SELECT 'case.' || id FROM barred
        UNION ALL
        SELECT 'alert.' || raised.id FROM public.audit_raisedalert AS raised
            JOIN barred ON raised.subject = 'case.' || barred.id WHERE raised.what IN ('urgent_case', 'overridden')
        UNION ALL
        SELECT 'question.' || question.id FROM public.review_question AS question JOIN barred ON barred.id = question.case_id
    )
$$;
