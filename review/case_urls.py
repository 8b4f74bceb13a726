"""Addresses of the auditor's desk, and of what people answer there. No personal value stands in one."""

from django.urls import path

from review.views import case_steps, cases, judging, questions, worth

urlpatterns = [
    path("cases/", cases.cases_page, name="cases"),
    path("cases/rules/", worth.rules_page, name="rules_worth"),
    path("cases/access/<int:event_id>/", judging.judge_page, name="judge_access"),
    path("cases/<int:case_id>/", cases.case_page, name="case"),
    path("cases/<int:case_id>/day/<str:day>/", cases.day_page, name="case_day"),
    path("cases/<int:case_id>/take/", case_steps.take, name="take_case"),
    path("cases/<int:case_id>/ask/", case_steps.ask_page, name="ask_about_case"),
    path("cases/<int:case_id>/heard/", case_steps.heard_page, name="note_answer"),
    path("cases/<int:case_id>/suspend/", case_steps.suspend_page, name="suspend_for_case"),
    path("cases/<int:case_id>/decide/", case_steps.decide, name="decide_case"),
    path("cases/<int:case_id>/agree/", case_steps.agree_page, name="agree_to_case"),
    path("my-access/questions/<int:question_id>/", questions.question_page, name="question"),
]
