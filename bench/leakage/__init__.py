"""What a thief learns who has the stolen database and public knowledge, and no keys.

target.py        children of the synthetic England as a thief finds them; the truth apart from it
stores.py        three ways of making them searchable: the registry's tokens, and two ways that others use
knowledge.py     what the thief knows of the population, filed by the published families; no key
frequency.py     rank matching and multinomial matching
patterns.py      what co-occurring tokens tell: pairs by rank, and who lives with whom
graph.py         the population matched as a graph, with and without children whom the thief knows
lengths.py       what lengths of sealed values and counts of rows tell
scoring.py       guesses against the truth; nothing else sees it
remains.py       after 1,000 searches: is there a token with its meaning anywhere on the disk
"""
