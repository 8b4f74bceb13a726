"""What auditors read of cases, in words: how strong, what was found, and who does what next."""

from collections.abc import Iterable, Mapping

from audit.reasons import Answer
from pages.form_fields import in_sentence
from review import explanations, rules
from review.models import State
from review.rules.weights import weights

# Which of them it is would tell where a child lives, shielded ones too, to an auditor who knows the person (ADR 34).
PRIVATE = frozenset({"same_family", "own_name", "same_home", "near_home", "same_telephone", "comes_back"})
PRIVATE_WORDS = "Somebody of the child’s family or home is near to the person in private life"
PRIVATE_IN_BRIEF = "Near in private life"
NOT_ON_THE_LIST = "A rule that there is no more"
HOW_STRONG = (  # bits above the threshold
    (6.0, "Very strong", "red"),
    (3.0, "Strong", "orange"),
    (0.0, "Enough to look", "blue"),
)
NOTHING_EXPLAINS: Mapping[str, str] = {
    State.HELD: "Nothing explains it yet",
    State.UNEXPLAINED: "Nothing explains it",
}
EXPLAINED_SINCE = ("Mostly explained since", "grey")
OVERRIDDEN = ("To be looked into each time", "red")
OVERRIDDEN_WORDS = "Opened a protected record in an emergency"
# Of these answers an auditor wants to hear at once.
ALARMING = frozenset({Answer.NOT_ME.value, Answer.PRIVATE.value})


def how_strong(score: float) -> tuple[str, str]:
    """How much speaks for looking into a case, and the colour of its tag."""
    above = score - weights().score.threshold
    return next(((words, colour) for least, words, colour in HOW_STRONG if above >= least), EXPLAINED_SINCE)


def found_words(rule: str) -> str:
    """What a rule found, so that it tells nothing of where a child lives."""
    return PRIVATE_WORDS if rule in PRIVATE else rules.WORDS.get(rule, NOT_ON_THE_LIST)


def found_in_brief(rule: str) -> str:
    """The same in two or three words, for a table that says it of each access."""
    return PRIVATE_IN_BRIEF if rule in PRIVATE else rules.IN_BRIEF.get(rule, NOT_ON_THE_LIST)


def strongest(worth: Mapping[str, float], most: int) -> list[str]:
    """What weighs most in a case, the strongest first; what reads alike once."""
    by_words: dict[str, float] = {}
    for rule, bits in worth.items():
        by_words[found_words(rule)] = by_words.get(found_words(rule), 0.0) + bits
    return sorted(by_words, key=lambda words: -by_words[words])[:most]


def explained_by(codes: Iterable[str]) -> list[str]:
    """What is said for an access, in words."""
    return [explanations.WORDS[code] for code in codes if code in explanations.WORDS]


def explanation_of(state: str, codes: Iterable[str]) -> str:
    """How an access stands, and what is said for it. What is said for one that nothing explains does not explain it."""
    said = explained_by(codes)
    if state in NOTHING_EXPLAINS:
        return "; ".join((NOTHING_EXPLAINS[state], *map(in_sentence, said)))
    label = State(state).label
    return f"{label}: {'; '.join(said)}" if said else label
