"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402

if not settings.DEBUG and not settings.SITE_URL_IS_SET:
    # Whether cookies may leave by http, and which names are answered to, follows from it: nothing to guess on a server.
    raise ImproperlyConfigured("SITE_URL is not set. Next: put SITE_URL=https://your.name into .env, then start again.")

# What is loaded by now stays. Looking through it all took the collector 55 ms of every second large answer.
gc.collect()
gc.freeze()
