"""Organisations, their accreditation and sites, who administers them, and emergency stops."""
