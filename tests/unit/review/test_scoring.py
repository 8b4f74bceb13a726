"""From findings to a score, and what the configuration must hold to."""

import msgspec
import pytest

from review.examining.sampling import is_sampled
from review.examining.scoring import score_of
from review.rules import ALL, OF_CHILDREN, WORDS
from review.rules.weights import FILE, Weights, weights

BY = weights().score


def test_different_rules_add_up_and_the_same_again_is_worth_less() -> None:
    assert score_of([("same_home", 9), ("unexplained", 3)], BY) == 12
    assert score_of([("repeated", 3), ("repeated", 3)], BY) == pytest.approx(5.4)
    assert score_of([("repeated", 1), ("repeated", 3)], BY) == pytest.approx(3.8)


def test_of_a_rate_the_strongest_finding_says_what_all_come_to() -> None:
    assert score_of([("unexplained", 3), ("unexplained", 5), ("led_nowhere", 2)], BY) == 7


def test_names_alone_make_no_case_however_many_brothers_and_sisters_there_are() -> None:
    found = [("same_family", 5.0), ("own_name", 8.0), ("colleagues_child", 6.0)] * 10
    assert score_of(found, BY) == BY.names < BY.threshold
    assert score_of([*found, ("unexplained", 3)], BY) == BY.names + 3


def test_the_strongest_single_finding_makes_no_case() -> None:
    """But of a rate, which is found of all that somebody did in months, and of a child, whom several came upon."""
    single = [rule.weight.most for code, rule in ALL.items() if rule.weight.again is None and code not in OF_CHILDREN]
    assert max(single) < BY.threshold


def test_every_rule_has_its_weight_and_words_and_every_weight_its_rule_and_reason() -> None:
    assert set(weights().rules) == set(ALL) == set(WORDS)
    assert all(weight.most > 0 and len(weight.why.split()) > 5 for weight in weights().rules.values())


def test_a_wrong_name_in_the_configuration_is_found() -> None:
    with pytest.raises(msgspec.ValidationError, match="mots"):
        msgspec.toml.decode(FILE.read_text().replace("most =", "mots =", 1), type=Weights)


def test_the_sample_is_the_share_that_is_asked_for_and_the_same_each_time(keys_of_the_examiner: None) -> None:
    drawn = [number for number in range(20_000) if is_sampled(number, 0.01)]
    assert 150 < len(drawn) < 250
    assert drawn == [number for number in range(20_000) if is_sampled(number, 0.01)]
    assert not any(is_sampled(number, 0.0) for number in range(1000))
