"""Check digits by hand-worked examples, and numbers that are nobody's."""

from datetime import date

import pytest

from registry.demonstration import numbers


def test_nhs_check_digit_of_the_data_dictionary_s_example():
    assert numbers.nhs_check_digit("943476591") == 9


def test_nine_digits_without_a_check_digit():
    assert numbers.nhs_check_digit("000000006") is None


def test_upn_check_letter_by_hand():
    # 2*8 + 3*0 + ... : only the first digit counts, 16 of 23 is the seventeenth letter.
    assert numbers.upn_check_letter("800000000000") == numbers.UPN_LETTERS[16]


def test_nhs_numbers_of_many_blocks_are_distinct():
    slots = [*range(3000), *range(499_000, 501_000), *range(49_999_000, 50_000_000)]
    made = {numbers.nhs_number(slot) for slot in slots}
    assert len(made) == len(slots)
    assert all(number.startswith("9") and len(number) == 10 for number in made)


def test_nhs_numbers_run_out_with_a_reason():
    with pytest.raises(ValueError, match="fewer children"):
        numbers.nhs_number(50_000_000)


def test_pupil_numbers_go_on_when_the_given_schools_are_used_up():
    made = {numbers.pupil_number(slot, date(2026, 9, 1), ("2000", "2001")) for slot in range(0, 5_000_000, 97)}
    assert len(made) == len(range(0, 5_000_000, 97))
    assert {upn[1:4] for upn in made} >= {"358", "350"}
