"""The life of a user in the service: invited, vetted, let in, confirmed once a year, stopped, gone."""
