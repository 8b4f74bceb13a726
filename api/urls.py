"""Addresses of the API. A reference stands for a child; see registry.references.

They stand as they are used, and so does what its document and its page say of them: first whose token it is, then a
child, then what is recorded.
"""

from django.urls import path

from api.views import document, following, involvements, own, records, searching

ONE = "v1/children/<str:child>/involvements/<int:involvement>"

urlpatterns = [
    path("", document.page, name="api"),
    path("v1/openapi.json", document.openapi, name="api_document"),
    path("v1/me", own.me, name="api_me"),
    path("v1/lists", own.lists, name="api_lists"),
    path("v1/searches", searching.searches, name="api_searches"),
    path("v1/recent", records.recent, name="api_recent"),
    path("v1/children/<str:child>/openings", records.openings, name="api_openings"),
    path("v1/children/<str:child>/involvements", involvements.involvements, name="api_involvements"),
    path(ONE, involvements.involvement, name="api_involvement"),
    path(f"{ONE}/end", involvements.end, name="api_end_involvement"),
    path(f"{ONE}/withdraw", involvements.withdraw, name="api_withdraw_involvement"),
    path("v1/children/<str:child>/following", following.following, name="api_following"),
    path("v1/followings/<str:following>", following.followed, name="api_followed"),
]
