"""Run by a Python that has recordlinkage: `rival.py QUESTION ANSWER`, files of JSON. See strangers.py.

The comparisons are those of the package's own guide for two files, and one of the postcode.
"""

import json
import sys
from pathlib import Path

import pandas as pd
import recordlinkage

ALIKE = 0.85
TENTH = 10


def main() -> None:
    question, answer = map(Path, sys.argv[1:])
    told = json.loads(question.read_text(encoding="utf-8"))
    asked, originals = pd.DataFrame(told["asked"]), pd.DataFrame(told["originals"])
    pairs = pd.MultiIndex.from_tuples([tuple(pair) for pair in told["pairs"]])
    compare = recordlinkage.Compare()
    compare.string("given_name", "given_name", method="jarowinkler", threshold=ALIKE, label="given_name")
    compare.string("surname", "surname", method="jarowinkler", threshold=ALIKE, label="surname")
    compare.exact("date_of_birth", "date_of_birth", label="date_of_birth")
    compare.exact("suburb", "suburb", label="suburb")
    compare.exact("postcode", "postcode", label="postcode")
    compare.exact("state", "state", label="state")
    compare.string("address_1", "address_1", threshold=ALIKE, label="address_1")
    features = compare.compute(pairs, asked, originals)
    ecm = recordlinkage.ECMClassifier()
    found = {"ECM": [list(map(int, pair)) for pair in ecm.fit_predict(features)]}
    true = [(at, meant) for at, meant in enumerate(told["meant"]) if at % TENTH == 0]
    known = features[features.index.get_level_values(0) % TENTH == 0]
    taught = recordlinkage.LogisticRegressionClassifier()
    taught.fit(known, known.index.intersection(pd.MultiIndex.from_tuples(true)))
    found["logistic regression, told of a tenth"] = [list(map(int, pair)) for pair in taught.predict(features)]
    answer.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
