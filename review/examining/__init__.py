"""The examiner: holds each access against what was known at that moment, and weighs what is left (docs/adr/0035).

access.py    an event as the examiner reads it, and an access of a child that is to be explained
days.py      what somebody did on a day, what they do otherwise, and what their peers do
known.py     what was known at the moments of one batch: rules and explanations ask this and nothing else
judging.py   one batch, in the order of its events: what explains each access, and what the rules find; no database
loading.py   fills `Known` for a batch, in a few statements
writing.py   keeps what came of a batch
cursor.py    which events have settled and are not examined yet
examiner.py  a batch from its events to its cases, in one transaction
scoring.py   from findings to the score of a case
sampling.py  which explained accesses a person is to look at without knowing why
"""
