"""What of children, and of those who use the service, can be compared: keyed fingerprints, each row of them sealed.

The worker makes them from what it may open; the examiner alone opens them again. It has no key with which to make a
fingerprint, so that it can compare, and name nobody (docs/adr/0034).

values.py      what is kept of a child; of a user it is access/people/traits.py
prints.py      values, written in one way, to fingerprints
rarity.py      how rare a name is
making.py      a child's traits, of the values of the record
people.py      a user's
filing.py      traits into their rows
rebuilding.py  those of all children, where they are missing or out of date
"""
