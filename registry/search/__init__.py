"""Finding a child whose record is sealed: criteria become keyed tokens of combinations, tokens lead to the sealed
summaries of candidates, and each candidate is opened and scored in memory. Begin with find.py: `find`.

criteria.py    what a practitioner gave, and whether it is enough
normalise.py   one way of writing names and streets; pages/postcodes.py has it for postcodes
phonetics.py   how names sound, in the traditions that live in England; what a typing error leaves of a word
summaries.py   what search may know of a child, sealed with the record
nicknames.py   short forms and other spellings, from the tables in data/
families.py    which combinations of values become a child's search tokens; the versions of that
queries.py     from criteria to the tokens to ask for: plain first, then near, then wide
index/         the token table: its epochs, writing it, asking it
likeness.py    at which level two names agree
score.py       how well a candidate fits, and why, in words, by the weights in weights.json
weighing.py    those weights, estimated from a population (manage.py estimate_weights)
find.py        all of it together
"""
