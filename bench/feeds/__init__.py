"""Benchmarks of what suppliers send: whom its rows are linked with, and how fast.

asking.py     rows matched with a registry in PostgreSQL, as the worker
figures.py    decisions counted: right, wrong, held, missed
filed.py      people filed in memory as search files them, and rows matched with them
making.py     rows of synthetic children, with what people get wrong
matching.py   all of `--only matching`
rival.py      recordlinkage, in a Python of its own
strangers.py  people and mistakes that others made up: FEBRL 4
twins.py      whether a row about one twin is ever linked with the other
"""
