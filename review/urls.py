"""Addresses of the access log. No personal value stands in one: what was asked is kept in the session."""

from django.urls import path

from review.views import alerts, answers, log, sealing

urlpatterns = [
    path("", log.log_page, name="log"),
    path("filter/<uuid:reference>/", log.filtered_page, name="filtered_log"),
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
    path("<int:event_id>/proof/", sealing.proof_page, name="event_proof"),
]
