"""The charts of the desk, in the order in which they stand.

To add one: a class like these in a module of its own, and one of it here. Its page, table and picture are there.
"""

from review.charts.chart import Chart
from review.charts.explained import Explained
from review.charts.hours import Hours
from review.charts.openings import Openings
from review.charts.outcomes import Outcomes
from review.charts.queue import Queue

CHARTS: tuple[Chart, ...] = (Openings(), Explained(), Hours(), Queue(), Outcomes())
