"""Searching with what people get wrong: who is found, how fast, and beside it plain text with trigrams.

asking.py      a search through the whole service, and what of it the database took
febrl.py       people and mistakes of others' making: FEBRL 3 and 4
figures.py     outcomes as rows: shares with intervals, times
kinds.py       what is given, and what is wrong with it
population.py  every child as the registry holds it: whom else a question fits, and the rival's table
report.py      the figures as tables and in a file
rival.py       a PostgreSQL with names in clear and pg_trgm
shielded.py    whether time tells where a shielded child lives
sizes.py       what the index takes on the disc
steady.py      searches a second by several processes
truth.py       random children of the synthetic England, and what is true of them
"""
