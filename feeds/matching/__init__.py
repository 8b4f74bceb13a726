"""Matching: whether a row of a feed is about a child on record, about nobody yet, or doubtful.

comparing.py   how a row agrees with what is held of a child: a level for each field
forenames.py   whether two forenames that are alike are one name, or two that twins may bear
weights.py     what each level is worth, from weights.json
estimating.py  where the weights come from: pairs of which nobody says who is whom
deciding.py    rules above the weights: link, new, or a person decides
candidates.py  whom a row may be about, for many rows at once; by the worker
matcher.py     all of it, for a block of rows
"""

from feeds.matching.deciding import Code, Decision, Outcome
from feeds.matching.matcher import Matcher

__all__ = ["Code", "Decision", "Matcher", "Outcome"]
