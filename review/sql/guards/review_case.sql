-- Auditors see it of their own authorities, and what concerns everybody, beside a reading of the log, and never one that names
-- somebody from whom they are barred. The worker learns which are open, so that it reminds nobody of a closed one.
ALTER TABLE review_case ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON review_case TO contactpoint_owner USING (true);
CREATE POLICY examiner ON review_case TO contactpoint_examiner USING (true);
CREATE POLICY worker_reminds ON review_case FOR SELECT TO contactpoint_worker USING (growing);
CREATE POLICY reader_of_authority ON review_case FOR SELECT TO contactpoint_reader USING (
    id <> ALL ((SELECT review_barred_cases())::bigint[]) AND (
        authority_id = ANY ((SELECT review_audited())::bigint[]) OR id = ANY ((SELECT review_everybodys())::bigint[])
    )
);
