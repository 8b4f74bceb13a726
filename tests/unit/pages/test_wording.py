"""How days and moments stand in a sentence."""

from datetime import UTC, date, datetime

import pytest

from pages.wording import long_date, long_moment


def test_day_is_written_out() -> None:
    assert long_date(date(2019, 3, 4)) == "4 March 2019"


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2019, 3, 4, 14, 32, tzinfo=UTC), "4 March 2019 at 14:32"),
        (datetime(2019, 7, 4, 23, 5, tzinfo=UTC), "5 July 2019 at 00:05"),  # in summer an hour later
        (datetime(2019, 3, 4, 9, 5, tzinfo=UTC), "4 March 2019 at 09:05"),
    ],
)
def test_moment_has_24_hours_in_the_time_of_the_service(moment: datetime, written: str) -> None:
    assert long_moment(moment) == written
