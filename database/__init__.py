"""What lives in PostgreSQL and is written in SQL: each function, and what guards each table, on a page of its own.

    <app>/sql/functions/audit_record.sql                what the database runs now
    <app>/sql/functions/superseded/audit_record.1.sql   what it ran before, oldest first; never changed again
    <app>/sql/guards/access_grant.sql                   row-level security and triggers of a table

Migrations name a page and the number of its version (operations.py), so that each forever puts in what it put in when
it was written. The page in force bears no number and has the next after those superseded. To change it:

1. Copy it to `superseded` under its number, so that the difference shows in review what changes.
2. Change the page.
3. Name the next number in a migration of the same app: `ReplaceFunction("audit_record", version=3)`.

`manage.py check_sql` holds a migrated database against the pages; tests/sweeps/test_sql_pages.py holds the rest.
"""
