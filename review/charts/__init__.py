"""The charts of the desk, in the order in which they stand.

To add one: a class like these in a module of its own, and one of it here. Its page, table and picture are there.
"""

from review.charts.chart import Chart
from review.charts.hours import Hours
from review.charts.openings import Openings

CHARTS: tuple[Chart, ...] = (Openings(), Hours())
