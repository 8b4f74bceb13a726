"""Who may do what, until when, and what else keeps somebody out. Asked by every page and action; knows no request."""
