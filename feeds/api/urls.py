"""Addresses of what a supplier's software asks. A batch is told by its number, which says nothing of anybody."""

from django.urls import path

from feeds.api import views

urlpatterns = [
    path("batches", views.batches, name="api_batches"),
    path("batches/<int:batch_id>", views.batch, name="api_batch"),
]
