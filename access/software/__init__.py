"""What an organisation's own software tells us: by API token (SCIM 2.0, CSV), or in a file its administrator chose."""
