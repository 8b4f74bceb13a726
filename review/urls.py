"""Addresses of the access log. No personal value stands in one: what was asked is kept in the session."""

from django.urls import path

from review.views import alerts, log, sealing

urlpatterns = [
    path("", log.log_page, name="log"),
    path("filter/<uuid:reference>/", log.filtered_page, name="filtered_log"),
    path("checkpoints/", sealing.checkpoints_page, name="checkpoints"),
    path("alerts/", alerts.alerts_page, name="alerts"),
    path("alerts/<int:alert_id>/", alerts.alert_page, name="alert"),
    path("alerts/<int:alert_id>/take/", alerts.take, name="take_alert"),
    path("alerts/<int:alert_id>/close/", alerts.close, name="close_alert"),
    path("<int:event_id>/", log.event_page, name="event"),
    path("<int:event_id>/visit/", log.visit_page, name="visit"),
    path("<int:event_id>/proof/", sealing.proof_page, name="event_proof"),
]
