"""Addresses of the FHIR face. The id of a Patient is a reference; see api.fhir.ids."""

from django.urls import path

from api.fhir import views

urlpatterns = [
    path("metadata", views.metadata, name="fhir_metadata"),
    path("Patient", views.patients, name="fhir_patients"),
    path("Patient/_search", views.patient_search, name="fhir_patient_search"),
    path("Patient/<str:child>", views.patient_read, name="fhir_patient"),
    path("Patient/<str:child>/$everything", views.patient_everything, name="fhir_everything"),
    path("AuditEvent", views.audit_events, name="fhir_audit_events"),
]
