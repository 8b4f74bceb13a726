"""The charts of the desk, in the order in which they stand. To add one: a class in a module beside these, and its name here."""

from review.charts.chart import Chart
from review.charts.hours import Hours
from review.charts.openings import Openings

CHARTS: tuple[Chart, ...] = (Openings(), Hours())
