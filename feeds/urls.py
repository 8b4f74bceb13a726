"""Addresses of what suppliers send. What begins with feeds/ takes a token, and no cookie counts there."""

from django.urls import path

from feeds.views import batches, bounds, matches, quality

urlpatterns = [
    path("batches/", batches.list_page, name="batches"),
    path("batches/send/<str:reference>/", batches.send_page, name="send_batch"),
    path("batches/quality/<str:reference>/", quality.quality_page, name="feed_quality"),
    path("batches/bounds/<str:reference>/", bounds.bounds_page, name="feed_bounds"),
    path("batches/bounds/<str:reference>/<int:number>/confirm/", bounds.confirm_page, name="confirm_bounds"),
    path("batches/bounds/<str:reference>/<int:number>/refuse/", bounds.refuse_page, name="refuse_bounds"),
    path("batches/bounds/<str:reference>/<int:number>/take-back/", bounds.withdraw_page, name="withdraw_bounds"),
    path("batches/<str:reference>/", batches.batch_page, name="batch"),
    path("batches/<str:reference>/let-in/", batches.let_in_page, name="let_in_batch"),
    path("batches/<str:reference>/take-back/", batches.take_back_page, name="take_back_batch"),
    path("batches/<str:reference>/refused/", batches.refused_page, name="refused_rows"),
    path("matches/", matches.list_page, name="matches"),
    path("matches/<str:reference>/", matches.match_page, name="match"),
]
