"""Settings, all from the environment or a `.env` file beside `manage.py`; README.md lists them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from croniter import croniter  # type: ignore[import-untyped]
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def _seconds(name: str, default: float) -> float:
    value = env.str(name, default=str(default))  # env.float would read "2e1" as 21 and "soon" as a ValueError
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ImproperlyConfigured(f"{name}={value}: expected a number of seconds, 0 or more.")
    return seconds


def _whole(name: str, default: int) -> int:
    value = env.str(name, default=str(default))
    if not value.isdecimal() or int(value) < 1:
        raise ImproperlyConfigured(f"{name}={value}: expected a whole number, 1 or more.")
    return int(value)


def _percent(name: str, default: int) -> int:
    value = _whole(name, default)
    if value > 100:
        raise ImproperlyConfigured(f"{name}={value}: expected a percentage, 1 to 100.")
    return value


def _address(name: str, default: str) -> str:
    value = str(env.str(name, default=default)).rstrip("/")
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name}={value!r}: expected an address that starts with http:// or https://.")
    return value


# --- Django ---------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "DEBUG=0 needs a SECRET_KEY. Make one: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))" and put SECRET_KEY=… into .env.'
        )
    SECRET_KEY = "only-for-development-on-this-machine-never-for-a-server"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])

INSTALLED_APPS = [
    "kinokrakow",
    "events",
    "review",
    "scraper",
    "kinokrakow.staff_site.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_q",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "kinokrakow.urls"
WSGI_APPLICATION = "kinokrakow.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# What SQLite needs so that web server, workers and commands can write at once (measured: without
# IMMEDIATE up to nine tenths of the writing tasks fail with "database is locked").
_database = env.str("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'kinokrakow.sqlite3'}")
if not _database.startswith(("sqlite://", "postgres://", "postgresql://")):
    raise ImproperlyConfigured("DATABASE_URL: expected sqlite:///path or postgres://user:password@host/name.")
DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(_database)}
_engine = DATABASES["default"]["ENGINE"]
DATABASES["default"]["CONN_MAX_AGE"] = 600
if _engine == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"

LANGUAGE_CODE = "en"
LANGUAGES = [("pl", _("Polish")), ("en", _("English"))]
FORMAT_MODULE_PATH = "kinokrakow.formats"
LOCALE_PATHS = [BASE_DIR / "kinokrakow" / "locale"]
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # no collectstatic step: one thing less to forget

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kinokrakow.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
# Where the site's own posters may be shown from, beside a question: https only, each as "https://host".
POSTER_HOSTS = [host.rstrip("/") for host in env.list("POSTER_HOSTS", default=["https://as.repertuary.pl"])]
if not all(host.startswith("https://") for host in POSTER_HOSTS):
    raise ImproperlyConfigured("POSTER_HOSTS: expected addresses like https://as.repertuary.pl, with commas between.")
# All that we show was scraped somewhere: whatever of it got past the templates must find nothing to run.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "https://image.tmdb.org", *POSTER_HOSTS],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- the sources ----------------------------------------------------------------------------------
KINO_BASE_URL = _address("KINO_BASE_URL", "https://www.kino.krakow.pl")
# Further names of the site: redirects among all of them are followed, and one rate limit holds.
KINO_HOST_ALIASES = frozenset(env.list("KINO_HOST_ALIASES", default=[]))
KINO_REQUEST_INTERVAL = _seconds("KINO_REQUEST_INTERVAL", 2)
KINO_TIMEOUT = _seconds("KINO_TIMEOUT", 20)
TMDB_BASE_URL = _address("TMDB_BASE_URL", "https://api.themoviedb.org/3")
TMDB_TOKEN = env.str("TMDB_TOKEN", default="")
TMDB_REQUEST_INTERVAL = _seconds("TMDB_REQUEST_INTERVAL", 0.05)
RETRY_BASE_DELAY = _seconds("RETRY_BASE_DELAY", 2)
# Who runs this, for the User-Agent: an address or e-mail where a webmaster can reach you.
CONTACT = env.str("CONTACT", default="")

FILM_REFRESH_DAYS = _whole("FILM_REFRESH_DAYS", 7)
FRESHNESS_HOURS = _whole("FRESHNESS_HOURS", 24)
ARCHIVE_DAYS = _whole("ARCHIVE_DAYS", 14)
SYNC_CRON = env.str("SYNC_CRON", default="10 5,9,13,17,21 * * *")
if not croniter.is_valid(SYNC_CRON):
    raise ImproperlyConfigured(
        f"SYNC_CRON={SYNC_CRON}: expected minute, hour, day, month and weekday, as cron has them."
    )

# --- alerts: what counts as missing, and who hears of it -------------------------------------------
ALERT_EMAILS = env.list("ALERT_EMAILS", default=[])
ALERT_URLS = env.list("ALERT_URLS", default=[])  # see github.com/caronc/apprise; secrets, never shown
SITE_URL = _address("SITE_URL", "http://127.0.0.1:8000")  # what links in messages begin with
ALERT_DROP_PERCENT = _percent("ALERT_DROP_PERCENT", 30)  # of the expected showtimes that may be missing
ALERT_TMDB_PERCENT = _percent("ALERT_TMDB_PERCENT", 80)  # of the week's films that should be on TMDB
ALERT_RUN_HOURS = _whole("ALERT_RUN_HOURS", 26)  # without an ended sync
ALERT_STUCK_MINUTES = _whole("ALERT_STUCK_MINUTES", 5)  # that due jobs may lie while nothing moves
ALERT_REVIEW_HOURS = _whole("ALERT_REVIEW_HOURS", 24)  # before it plays, a film must be decided on
ALERT_REFUSALS = _whole("ALERT_REFUSALS", 3)  # requests of one sync that the site may refuse
HEARTBEAT_URL = env.str("HEARTBEAT_URL", default="")  # asked after each good look, so somebody notices our silence
if HEARTBEAT_URL and not HEARTBEAT_URL.startswith("https://"):
    raise ImproperlyConfigured("HEARTBEAT_URL: expected an address that starts with https://, for it is a secret.")
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # /metrics is off without it

# Served over https, the login and the forms keep to it.
_site = urlsplit(SITE_URL)
if _site.scheme == "https":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [f"https://{_site.netloc}"]

_mail = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"] or "localhost", _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("ALERT_FROM", default="KinoKraków <kinokrakow@localhost>")

# --- django-q2: carries the ids of our own Job rows (kinokrakow/jobs.py), nothing more --------------
Q_WORKERS = _whole("Q_WORKERS", 4 if _engine == "django.db.backends.postgresql" else 2)
Q_TIMEOUT = _whole("Q_TIMEOUT", 180)
_QUEUE_LIMIT, _BULK = 2, 1
# A task waits prefetched behind others; shorter than this it would be handed out a second time.
_LEAST_RETRY = int(Q_TIMEOUT * (1 + (_QUEUE_LIMIT + _BULK) / Q_WORKERS)) + 10
Q_RETRY = _whole("Q_RETRY", _LEAST_RETRY)
if Q_RETRY <= Q_TIMEOUT:
    raise ImproperlyConfigured(f"Q_RETRY={Q_RETRY} must be larger than Q_TIMEOUT={Q_TIMEOUT}; {_LEAST_RETRY} is safe.")
Q_CLUSTER = {
    "name": "kinokrakow",
    "orm": "default",
    "workers": Q_WORKERS,
    "timeout": Q_TIMEOUT,
    "retry": Q_RETRY,
    "max_attempts": 3,
    "queue_limit": _QUEUE_LIMIT,
    "bulk": _BULK,
    "poll": 0.2,
    "save_limit": -1,  # the Job ledger is the record; only failures that escaped it are kept
    "recycle": 500,
    "catch_up": False,
    "label": "Django Q",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # What Apprise says names addresses with their secrets: scraper.delivery tells it without them.
        "apprise": {"handlers": [], "propagate": False},
    }
    | {name: {"level": env.str("LOG_LEVEL", default="INFO")} for name in ("kinokrakow", "events", "review", "scraper")},
}
