"""The token table: `search.child_token`, in a schema of its own, apart from the records it leads to.

The web role cannot read it. It asks `search.draw`, which notes whom tokens lead to and charges the searcher's budget
for each, and then `search.drawn`, which gives their summaries. One epoch of the index serves; another may be built
beside it (rebuilding.py).

asking.py      tokens to children, for a search that is recorded
epochs.py      which epoch serves, and how a new one begins
filing.py      children under their tokens
rebuilding.py  the index made anew from the records, while search goes on
"""

from registry.search.index.asking import candidates
from registry.search.index.epochs import Epoch, NoIndexError, bits_for, forget, scheme, serving, started_on, tokeniser
from registry.search.index.filing import put
from registry.search.index.rebuilding import start_epoch

__all__ = [
    "Epoch",
    "NoIndexError",
    "bits_for",
    "candidates",
    "forget",
    "put",
    "scheme",
    "serving",
    "start_epoch",
    "started_on",
    "tokeniser",
]
