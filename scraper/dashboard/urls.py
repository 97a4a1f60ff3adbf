"""The coverage pages, mounted inside the admin."""

from __future__ import annotations

import datetime as dt

from django.urls import path, register_converter

from scraper.dashboard import views, witness_views


class DateConverter:
    """`2026-11-27`"""

    regex = r"\d{4}-\d{2}-\d{2}"

    @staticmethod
    def to_python(value: str) -> dt.date:
        return dt.date.fromisoformat(value)  # its ValueError is a 404

    @staticmethod
    def to_url(value: dt.date | str) -> str:
        return str(value)


register_converter(DateConverter, "date")

urlpatterns = [
    path("", views.dashboard, name="coverage"),
    path("sync/", views.sync_now, name="coverage-sync"),
    path("sync/<int:run_id>/cancel/", views.cancel_sync, name="coverage-cancel"),
    path("day/<date:date>/", views.day, name="coverage-day"),
    path("day/<date:date>/again/", views.read_again, name="coverage-again"),
    path("day/<date:date>/believe/", views.believe, name="coverage-believe"),
    path("alert/<int:alert_id>/", views.answer_alert, name="coverage-alert"),
    path("witness/<slug:name>/", witness_views.page, name="coverage-witness"),
    path("witness/<slug:name>/answer/", witness_views.answer, name="coverage-witness-answer"),
    path("witness/<slug:name>/look/", witness_views.look_now, name="coverage-witness-look"),
    path("page/<int:page_id>/", views.archived, name="coverage-page"),
]
