-- Auditors see it of their own authorities, and what concerns everybody, beside a reading of the log, and never of whom
-- they are barred from, nor of a case that names one of these.
ALTER TABLE review_finding ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_finding TO contactpoint_owner USING (true);
CREATE POLICY examiner ON review_finding TO contactpoint_examiner USING (true);
CREATE POLICY reader_of_authority ON review_finding FOR SELECT TO contactpoint_reader USING (
    person_id <> ALL ((SELECT review_barred())::bigint[])
    AND (case_id IS NULL OR case_id <> ALL ((SELECT review_barred_cases())::bigint[])) AND (
        authority_id = ANY ((SELECT review_audited())::bigint[]) OR case_id = ANY ((SELECT review_everybodys())::bigint[])
    )
);
