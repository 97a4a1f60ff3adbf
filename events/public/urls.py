"""What anybody may read. Each can be switched off (events.conf)."""

from __future__ import annotations

from django.urls import path

from events.public import views
from events.public.api import api

urlpatterns = [
    path("", views.front, name="front"),
    path("whats-on/", views.whats_on, name="whats-on"),
    path("calendar/all.ics", views.calendar, name="calendar"),
    path("calendar/cinema/<path:cinema>.ics", views.calendar, name="calendar-cinema"),
    path("calendar/film/<str:film>.ics", views.calendar, name="calendar-film"),
    path("api/", api.urls),
]
