"""Who may do what: organisations, users, roles, vetting, sign-in, sessions, and the decision itself."""
