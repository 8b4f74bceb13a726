"""What an organisation's own software tells us, as a system (SCIM 2.0, CSV), or in a file its administrator chose."""
