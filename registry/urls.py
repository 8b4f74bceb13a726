"""Addresses of the registry's pages. A reference stands for a child; see registry.references."""

from django.urls import path, register_converter

from registry.views import (
    archive,
    ask_connection,
    ask_shield,
    basis,
    connections,
    emergency,
    handovers,
    history,
    identities,
    involvements,
    keeping,
    lately,
    leaves,
    merging,
    own_home,
    records,
    reporting,
    reports,
    searching,
    shields,
    unplaced,
)


class DoneConverter:
    """What was done to an involvement."""

    regex = "recorded|corrected|ended|withdrawn"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DoneConverter, "done")

INVOLVEMENTS = "record/<str:reference>/involvements"

urlpatterns = [
    path("my-access/history/", history.history_page, name="my_history"),
    path("my-access/home/", own_home.own_home_page, name="own_home"),
    path("lately/", lately.lately_page, name="lately"),
    path("search/", searching.search_page, name="search"),
    path("search/<uuid:trail>/", searching.results_page, name="results"),
    path("search/<uuid:trail>/change/", searching.change_page, name="change_search"),
    path("record/<str:reference>/", records.record_page, name="record"),
    path("record/<str:reference>/reason/", records.reason_page, name="open_record"),
    path("record/<str:reference>/protect/", ask_shield.ask_page, name="ask_shield"),
    path("record/<str:reference>/emergency/", emergency.emergency_page, name="emergency"),
    path("emergency/over/", emergency.over_page, name="emergency_over"),
    path("record/<str:reference>/connection/", ask_connection.ask_page, name="ask_connection"),
    path("my-access/connections/", ask_connection.own_page, name="my_connections"),
    path("connections/", connections.list_page, name="connections"),
    path("connections/<str:reference>/", connections.connection_page, name="connection"),
    *(
        path(f"connections/<str:reference>/<int:number>/{name.replace('_', '-')}/", page, name=name)
        for name, page in connections.step_pages.items()
    ),
    path("record/<str:reference>/report/", reporting.report_page, name="report_wrong"),
    path("my-access/reported/", reporting.own_page, name="my_reports"),
    path("reported/", reports.list_page, name="reports"),
    path("reported/<str:reference>/<int:number>/", reports.report_page, name="reported"),
    path("shields/", shields.list_page, name="shields"),
    path("shields/<str:reference>/", shields.shield_page, name="shield"),
    *(
        path(
            f"shields/<str:reference>/{shields.PAGES[name].of}/<int:number>/{name.replace('_', '-')}/", page, name=name
        )
        for name, page in shields.step_pages.items()
    ),
    path("shields/<str:reference>/leave/new/", leaves.ask_page, name="ask_leave"),
    *(
        path(f"shields/<str:reference>/leave/<int:number>/{name.removesuffix('_leave')}/", page, name=name)
        for name, page in leaves.step_pages.items()
    ),
    path("handovers/", handovers.list_page, name="handovers"),
    path("handovers/<str:reference>/", handovers.handover_page, name="handover"),
    *(
        path(f"handovers/<str:reference>/<int:number>/{name.removesuffix('_handover')}/", page, name=name)
        for name, page in handovers.step_pages.items()
    ),
    path("unplaced/", unplaced.list_page, name="unplaced"),
    path("identities/", identities.list_page, name="identities"),
    path("identities/which/<int:number>/give/", identities.give_link_page, name="give_link"),
    path("identities/which/<int:number>/refuse/", identities.refuse_link_page, name="refuse_link"),
    path("identities/which/<int:number>/", identities.read_link_page, name="read_link"),
    path("identities/<str:reference>/", identities.identity_page, name="identity"),
    path("identities/<str:reference>/<int:number>/approve/", identities.approve_page, name="approve_identity"),
    path("identities/<str:reference>/<int:number>/refuse/", identities.refuse_page, name="refuse_identity"),
    path("identities/<str:reference>/closed/", identities.ask_link_page, name="ask_link"),
    path("archive/", archive.list_page, name="archive"),
    path("archive/<int:number>/give/", archive.give_page, name="give_archived"),
    path("archive/<int:number>/refuse/", archive.refuse_page, name="refuse_archived"),
    path("archive/<int:number>/", archive.read_page, name="read_archived"),
    path("keeping/", keeping.find_page, name="find_keeping"),
    path("keeping/<str:reference>/", keeping.keeping_page, name="keeping"),
    path("keeping/<str:reference>/end/", keeping.end_page, name="end_keeping"),
    path("merging/", merging.list_page, name="merges"),
    path("merging/<str:reference>/<str:other>/", merging.two_page, name="two_records"),
    path("merging/<str:reference>/<str:other>/<int:number>/approve/", merging.approve_page, name="approve_merge"),
    path("merging/<str:reference>/<str:other>/<int:number>/refuse/", merging.refuse_page, name="refuse_merge"),
    path(f"{INVOLVEMENTS}/new/", involvements.record_page, name="record_involvement"),
    path(f"{INVOLVEMENTS}/<int:involvement_id>/correct/", involvements.correct_page, name="correct_involvement"),
    path(f"{INVOLVEMENTS}/<int:involvement_id>/end/", involvements.end_page, name="end_involvement"),
    path(f"{INVOLVEMENTS}/<int:involvement_id>/withdraw/", involvements.withdraw_page, name="withdraw_involvement"),
    path(f"{INVOLVEMENTS}/basis/", basis.basis_page, name="involvement_basis"),
    path(f"{INVOLVEMENTS}/<int:involvement_id>/basis-ended/", basis.end_page, name="end_basis"),
    path(f"{INVOLVEMENTS}/check/", involvements.check_page, name="check_involvement"),
    path(f"{INVOLVEMENTS}/<done:what>/", involvements.done_page, name="involvement_done"),
]
