"""How soon access stops for everybody it is to stop for, and what asking for it costs each request."""
