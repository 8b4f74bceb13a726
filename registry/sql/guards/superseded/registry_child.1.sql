-- No child's row without a record: PostgreSQL shows the web role what its transaction's own events name. Row-level
-- security is for everybody, the owner too; owner and worker see all rows, and act for no person.
--
-- The policy asks first whether there is a child at all, then whether the row is theirs. Both parts are shaped against
-- an oracle. Before a policy, PostgreSQL evaluates conditions of the query that cannot leak by themselves and cost
-- less; EXPLAIN then tells whether the policy was asked, and so whether any row fits. The first part costs nothing, so
-- that it runs before a bare column such as `lead`; the second costs half an operator, which is less than any
-- comparison. Sub-selects, so that each is looked up once in a query.
ALTER TABLE registry_child ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry_child TO contactpoint_owner USING (true);
CREATE POLICY worker ON registry_child TO contactpoint_worker USING (true);
CREATE POLICY web_recorded ON registry_child FOR SELECT TO contactpoint_web
    USING (
        (SELECT registry_child_to_see()) IS NOT NULL
        AND id = ANY (ARRAY[(SELECT registry_child_to_see())])
    );
