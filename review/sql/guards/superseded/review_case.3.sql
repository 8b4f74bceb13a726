-- Auditors see it of their own authorities, and what concerns everybody, beside a reading of the log, and never of whom
-- they are barred from; one about a child not either where it names somebody of these.
ALTER TABLE review_case ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_case TO contactpoint_owner USING (true);
CREATE POLICY examiner ON review_case TO contactpoint_examiner USING (true);
CREATE POLICY reader_of_authority ON review_case FOR SELECT TO contactpoint_reader USING (
    CASE
        WHEN person_id IS NULL THEN authority_id = ANY ((SELECT review_audited())::bigint[]) AND review_case_shown(id)
        ELSE person_id <> ALL ((SELECT review_barred())::bigint[]) AND (
            authority_id = ANY ((SELECT review_audited())::bigint[])
            OR person_id = ANY ((SELECT review_everybodys())::bigint[])
        )
    END
);
