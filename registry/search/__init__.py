"""Finding a child whose record is sealed.

criteria.py    what a practitioner gave, and whether it is enough
normalise.py   one way of writing names, postcodes and numbers
families.py    which combinations of values become search tokens
index.py       the token table: its epoch, writing it, asking it
score.py       how well a candidate fits, and why, in words
find.py        all of it together
"""
