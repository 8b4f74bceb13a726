-- Auditors see what became of the cases that they see. It is taken, decided, agreed to and closed beside the event that says
-- so, and nobody deletes any.
ALTER TABLE review_casework ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_casework TO contactpoint_owner USING (true);
CREATE POLICY reader_of_case ON review_casework FOR SELECT TO contactpoint_reader
    USING (EXISTS (SELECT FROM review_case AS one WHERE one.id = case_id));
CREATE POLICY web_sees ON review_casework FOR SELECT TO contactpoint_web USING (
    review_case_is_told('{case.taken,case.decided,case.agreed,case.returned}', case_id, NULL, NULL)
);
CREATE POLICY web_takes ON review_casework FOR INSERT TO contactpoint_web WITH CHECK (
    result = '' AND review_case_is_told('{case.taken}', case_id, taken_by_id, NULL)
);
CREATE POLICY web_goes_on ON review_casework FOR UPDATE TO contactpoint_web USING (
    closed_at IS NULL AND review_case_is_told('{case.taken,case.decided,case.agreed,case.returned}', case_id, NULL, NULL)
) WITH CHECK (
    CASE
        WHEN result = '' THEN review_case_is_told('{case.taken}', case_id, taken_by_id, NULL)
            -- By another than decided it, who is the one that works on it.
            OR review_case_is_told('{case.returned}', case_id, NULL, NULL)
                AND NOT review_case_is_told('{case.returned}', case_id, taken_by_id, NULL)
        WHEN closed_at IS NULL THEN result = ANY ('{to_employer,to_police}'::text[]) AND decided_by_id = taken_by_id
            AND review_case_is_told('{case.decided}', case_id, decided_by_id, result)
        WHEN result = ANY ('{to_employer,to_police}'::text[]) THEN agreed_by_id <> decided_by_id
            AND review_case_is_told('{case.agreed}', case_id, agreed_by_id, result)
            AND review_case_is_told('{case.closed}', case_id, agreed_by_id, result)
        ELSE decided_by_id = taken_by_id
            AND review_case_is_told('{case.decided}', case_id, decided_by_id, result)
            AND review_case_is_told('{case.closed}', case_id, decided_by_id, result)
    END
);

CREATE TRIGGER review_casework_is_dated BEFORE INSERT OR UPDATE ON review_casework
    FOR EACH ROW EXECUTE FUNCTION review_date_casework();
