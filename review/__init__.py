"""The auditor's pages over the access log. What the log is, and how it is kept, stands in `audit`."""
