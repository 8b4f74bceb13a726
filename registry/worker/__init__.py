"""What the worker does for protected children by itself, as registry/tasks.py says when. Nobody's session acts here.

refiling.py  files children for search anew whose shield came or went
severing.py  closes a record for a new identity, and makes another
watching.py  alerts where an urgent shield waits too long
reported.py  closes reports of something wrong where the record says something else by now
reporting.py looks up which sources said it, and forgets what is over
"""
