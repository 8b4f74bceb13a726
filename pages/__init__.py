"""Parts that pages share: fields, wording, what waits in a session, GOV.UK components. Knows nobody."""
