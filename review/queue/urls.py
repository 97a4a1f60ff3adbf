"""The review pages, mounted inside the admin."""

from __future__ import annotations

from django.urls import path

from review.queue import views

urlpatterns = [
    path("", views.queue_page, name="review"),
    path("provisional/", views.provisional, name="review-provisional"),
    path("quality/", views.quality_page, name="review-quality"),
    path("undo/<int:decision_id>/", views.undo, name="review-undo"),
    path("<int:film_id>/", views.question_page, name="review-question"),
    path("<int:film_id>/decide/", views.decide, name="review-decide"),
]
