"""Addresses of the access log. No personal value stands in one: what was asked is kept in the session."""

from django.urls import path

from review.views import alerts, answers, counts, following, log, packs, saved, sealing

urlpatterns = [
    path("", log.log_page, name="log"),
    path("filter/<uuid:reference>/", log.filtered_page, name="filtered_log"),
    path("filter/<uuid:reference>/seen/", following.seen_page, name="seen"),
    path("filter/<uuid:reference>/save/", saved.save_page, name="save_view"),
    path("views/", saved.saved_views_page, name="saved_views"),
    path("views/<int:view_id>/", saved.saved_page, name="saved_view"),
    path("views/<int:view_id>/remove/", saved.remove, name="remove_view"),
    path("charts/", counts.charts_page, name="charts"),
    path("report/", counts.report_page, name="report"),
    path("pack/", packs.pack_page, name="pack"),
    path("checkpoints/", sealing.checkpoints_page, name="checkpoints"),
    path("alerts/", alerts.alerts_page, name="alerts"),
    path("alerts/<int:alert_id>/", alerts.alert_page, name="alert"),
    path("alerts/<int:alert_id>/take/", alerts.take, name="take_alert"),
    path("alerts/<int:alert_id>/close/", alerts.close, name="close_alert"),
    path("answers/", answers.answers_page, name="answers"),
    path("answers/begin/", answers.begin_answer, name="begin_answer"),
    path("answers/<int:answer_id>/", answers.answer_page, name="answer"),
    path("answers/<int:answer_id>/confirm/", answers.confirm_answer, name="confirm_answer"),
    path("answers/<int:answer_id>/give-back/", answers.give_answer_back, name="give_answer_back"),
    path("answers/<int:answer_id>/release/", answers.release_answer, name="release_answer"),
    path("answers/<int:answer_id>/close/", answers.close_answer, name="close_answer"),
    path("answers/<int:answer_id>/letter/", answers.make_letter, name="make_letter"),
    path("<int:event_id>/", log.event_page, name="event"),
    path("<int:event_id>/visit/", log.visit_page, name="visit"),
    path("<int:event_id>/day/", following.day_page, name="day"),
    path("<int:event_id>/trail/", following.trail_page, name="trail"),
    path("<int:event_id>/record/", following.record_page, name="seen_of_event"),
    path("<int:event_id>/proof/", sealing.proof_page, name="event_proof"),
]
