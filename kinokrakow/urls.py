"""Addresses. Rooms bring their pages; this only wires them."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from scraper.monitoring.health import healthz, metrics

handler400 = "kinokrakow.errors.bad_request"
handler403 = "kinokrakow.errors.forbidden"
handler404 = "kinokrakow.errors.not_found"
handler500 = "kinokrakow.errors.server_error"

urlpatterns = [
    path("admin/coverage/", include("scraper.dashboard.urls")),
    path("admin/review/queue/", include("review.queue.urls")),
    re_path(  # what duplicates were called once
        r"^admin/events/double/(?P<rest>.*)$",
        RedirectView.as_view(url="/admin/events/duplicate/%(rest)s", query_string=True),
    ),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("events.public.urls")),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
]
