"""What of children, and of those who use the service, can be compared: keyed fingerprints, each row of them sealed.

The worker makes them from what it may open; the examiner alone opens them again. It has no key with which to make a
fingerprint, so that it can compare, and name nobody (docs/adr/0034).

values.py  what is kept of a child
"""
