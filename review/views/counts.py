"""How often, and never of whom: charts of a month, and a report of it to print for a board."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.roles import Permission
from audit import outside, proofs
from review.charts import CHARTS
from review.charts.chart import Chart, Figures
from review.forms import MonthForm
from review.policies import about_month, authorities_of, reading_at_once
from review.reporting import OfMonth, places_named, report_of
from review.rules.weights import weights
from review.selectors.casework import cases_of, waiting
from review.selectors.explained import explained_by_day
from review.selectors.months import Month
from review.selectors.organisations import names_of_organisations
from review.selectors.tallies import counted, openings_by_hour
from review.selectors.worth import worth_until
from review.small_numbers import FEWEST

SHADES = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its figures."""

    chart: Chart
    figures: Figures

    @property
    def data(self) -> dict[str, object]:
        """What the script draws."""
        rows = self.figures.rows
        series = [[counts[place] for _, counts in rows] for place in range(len(self.figures.columns))]
        return {
            "labels": [name for name, _ in rows],
            "names": self.figures.columns,
            "series": series,
            "lying": self.chart.drawn == "lying",
        }

    def shade(self, count: int) -> int:
        """How dark a cell is: 0 for nothing, SHADES for the most."""
        return -(-count * SHADES // self.figures.most) if count else 0


@requires(Permission.LOG_READ)
@require_safe
def charts_page(request: HttpRequest) -> HttpResponse:
    """The charts of a month, each with its figures. A month that is none shows nothing."""
    form = MonthForm(request.GET or None, today=timezone.localdate())
    month = form.wanted()
    drawn: list[Drawn] = []
    if month:
        actor = actor_of(request)
        authorities = authorities_of(actor)
        with reading_at_once(actor, about_month("charts", month)):
            figures = [chart.figures(authorities, month) for chart in CHARTS]
        names = names_of_organisations(place for each in figures for place in each.organisations)
        drawn = [Drawn(chart, each.named(names)) for chart, each in zip(CHARTS, figures, strict=True)]
    return render(request, "review/charts.html", {"form": form, "month": month, "charts": drawn})


@requires(Permission.LOG_READ)
@require_safe
def report_page(request: HttpRequest) -> HttpResponse:
    """The report of a month, on one page, beside the month before it."""
    form = MonthForm(request.GET or None, today=timezone.localdate())
    month = form.wanted()
    context: dict[str, object] = {"form": form, "month": month}
    if month:
        actor = actor_of(request)
        authorities = authorities_of(actor)
        with reading_at_once(actor, about_month("report", month)):
            now, before = _of_month(authorities, month), _of_month(authorities, month.before)
            hours, worth = openings_by_hour(authorities, month), worth_until(authorities, month)
            checkpoint, witnesses = proofs.newest_checkpoint(), outside.standings()
        named = [each.organisation_id for each in places_named(now.counted.places)]
        names = names_of_organisations([*authorities, *(place for place in named if place is not None)])
        context |= {
            "report": report_of(now, before, hours, worth, names),
            "fewest": FEWEST,
            "fewest_decided": weights().score.fewest_decided,
            "before": month.before,
            "names": names,
            "authorities": authorities,
            "checkpoint": checkpoint,
            "witnesses": witnesses,
            "unfinished": month.bounds[1] > timezone.localdate(),
        }
    return render(request, "review/report.html", context)


def _of_month(authorities: list[int], month: Month) -> OfMonth:
    return OfMonth(
        month,
        counted(authorities, month),
        explained_by_day(authorities, month),
        cases_of(authorities, month),
        waiting(authorities, month),
    )
