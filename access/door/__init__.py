"""What stands between a request and a view: route policies, the session, the call, who acts, references, refusals."""
