"""Addresses of the access log."""

from django.urls import path

from review.views import log, sealing

urlpatterns = [
    path("", log.log_page, name="log"),
    path("checkpoints/", sealing.checkpoints_page, name="checkpoints"),
    path("<int:event_id>/", log.event_page, name="event"),
    path("<int:event_id>/proof/", sealing.proof_page, name="event_proof"),
]
