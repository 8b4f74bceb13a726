ALTER TABLE access_accreditation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_accreditation TO contactpoint_owner USING (true);
CREATE POLICY worker ON access_accreditation TO contactpoint_worker USING (true);
CREATE POLICY web_sees ON access_accreditation FOR SELECT TO contactpoint_web USING (true);
CREATE POLICY web_adds ON access_accreditation FOR INSERT TO contactpoint_web WITH CHECK (
    access_told_fields('organisation.accredited', recorded_by_id, NULL, ARRAY[organisation_id::text])
    AND sponsor_id = (SELECT responsible_authority_id FROM access_organisation WHERE id = organisation_id)
);

CREATE TRIGGER access_accreditation_added AFTER INSERT ON access_accreditation
    FOR EACH ROW EXECUTE FUNCTION access_keep_accredited_until();
