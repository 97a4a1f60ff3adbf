"""The review pages, mounted inside the admin."""

from __future__ import annotations

from django.urls import path

from review.queue import deciding, pages

urlpatterns = [
    path("", pages.queue_page, name="review"),
    path("provisional/", pages.provisional, name="review-provisional"),
    path("quality/", pages.quality_page, name="review-quality"),
    path("history/", pages.history_page, name="review-history"),
    path("undo/<int:decision_id>/", deciding.undo, name="review-undo"),
    path("<int:film_id>/", pages.question_page, name="review-question"),
    path("<int:film_id>/decide/", deciding.decide, name="review-decide"),
]
