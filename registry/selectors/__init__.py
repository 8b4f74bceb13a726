"""What is read and handed on: rows that a committed event allows, opened and cut to what the reader may see.

Of children nothing is read here without its event (ADR 26). What has none is one's own, or a number that names nobody.

records.py      a child's record, as one reader sees it
connections.py  requests for connections
shields.py      shields, and requests for them
leaves.py       leave to see shielded children, and whose shields were overridden
reports.py      what is reported as wrong on records
identities.py   requests for new identities and for links
severed.py      closed records, for whoever takes in what others send: the worker
"""
