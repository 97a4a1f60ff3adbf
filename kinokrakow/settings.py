"""Settings, all from the environment or a `.env` file beside `manage.py`; docs/OPERATING.md lists them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import environ
from croniter import croniter  # type: ignore[import-untyped]
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from events import city
from kinokrakow import secret
from kinokrakow.environment import BASE_DIR, address, flag, heading, names, one_of, percent, seconds, text, whole

# --- Django ---------------------------------------------------------------------------------------
heading("This installation")
DEBUG = flag("DEBUG", False, "for work on the program itself: errors with their source, on this machine only")
_database = text(
    "DATABASE_URL",
    f"sqlite:///{BASE_DIR / 'kinokrakow.sqlite3'}",
    "where all is kept: `sqlite:///path`, or `postgres://user:password@host/name`",
    said_default="sqlite:///kinokrakow.sqlite3",
)
if not _database.startswith(("sqlite://", "postgres://", "postgresql://")):
    raise ImproperlyConfigured("DATABASE_URL: expected sqlite:///path or postgres://user:password@host/name.")
DATABASES: dict[str, dict[str, Any]] = {"default": environ.Env.db_url_config(_database)}
_engine = DATABASES["default"]["ENGINE"]
_on_sqlite = _engine == "django.db.backends.sqlite3"

# What signs sessions and the queue's tasks. All processes on all machines must have the same one.
SECRET_KEY = text(
    "SECRET_KEY",
    "",
    "signs sessions and tasks; on SQLite one is made and kept beside the database, PostgreSQL needs it",
)
if not SECRET_KEY:
    if not _on_sqlite and not DEBUG:
        raise ImproperlyConfigured(
            f"PostgreSQL is shared by machines, so SECRET_KEY is needed. {secret.HOW_TO_MAKE_ONE}"
        )
    SECRET_KEY = secret.kept(secret.place(DATABASES["default"]["NAME"] if _on_sqlite else ""))

SITE_URL = address("SITE_URL", "http://127.0.0.1:8000", "where this is served: links in messages begin with it")
#: Without it only `up` serves pages, on this machine; `kinokrakow.wsgi` refuses to guess (see there).
SITE_URL_IS_SET = "SITE_URL" in environ.Env.ENVIRON
_site = urlsplit(SITE_URL)
ALLOWED_HOSTS = names(
    "ALLOWED_HOSTS",
    [str(_site.hostname), "localhost", "127.0.0.1", "[::1]"],
    "names under which it may be asked for, with commas between",
    said_default="that of SITE_URL, and this machine",
)
TRUSTED_PROXIES = whole(
    "TRUSTED_PROXIES",
    0,
    "reverse proxies in front of it: with one or more, `X-Forwarded-Proto` and `X-Forwarded-For` are believed",
    least=0,
)
HSTS_SECONDS = whole(
    "HSTS_SECONDS", 0, "how long browsers shall ask by https only (31536000 is a year); begin with 3600", least=0
)

INSTALLED_APPS = [
    "kinokrakow",
    "events",
    "review",
    "scraper",
    "kinokrakow.staff.site.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_q",
    "axes",
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
    "axes.middleware.AxesMiddleware",  # the last: it answers in place of a view that refused a login
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

_longest = whole(
    "STATEMENT_SECONDS", 0, "PostgreSQL: time limit of one statement, 0 for none; docs/deploy/ sets it", least=0
)
# What SQLite needs so that web server, workers and commands can write at once (measured: without
# IMMEDIATE up to nine tenths of the writing tasks fail with "database is locked").
DATABASES["default"]["CONN_MAX_AGE"] = 600
if _on_sqlite:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        # Of 128, as is usual, those of an import (500 rows each) held 27 MB.
        "cached_statements": 32,
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # No wait for ever on a lock, or for a transaction whose process is gone; `?options=` in the URL overrides it.
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _limits = f"-c lock_timeout=60s -c idle_in_transaction_session_timeout=600s -c statement_timeout={_longest}s"
    _options.setdefault("options", _limits)
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
LOGIN_REDIRECT_URL = "admin:index"  # where somebody comes whose login was asked to lead to another site
# The first only counts failed logins and refuses more of them (`kinokrakow.staff.logins`), before a password is hashed.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=5)  # also the time that an attempt is remembered
AXES_LOCKOUT_PARAMETERS = "kinokrakow.staff.logins.counted_by"
AXES_CLIENT_IP_CALLABLE = "kinokrakow.staff.logins.client_address"
AXES_LOCKOUT_CALLABLE = "kinokrakow.staff.logins.refused"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # nobody is kept out for longer by somebody else's tries
AXES_DISABLE_ACCESS_LOG = True  # Django keeps each account's last login
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username"]  # not logged: it may be a password, typed into the wrong field

LANGUAGE_CODE = one_of("LANGUAGE_CODE", "en", ("en", "pl"), "the site's own language: mails and titles of events")
LANGUAGES = [("pl", _("Polish")), ("en", _("English"))]
FORMAT_MODULE_PATH = "kinokrakow.formats"
LOCALE_PATHS = [BASE_DIR / "kinokrakow" / "locale"]
TIME_ZONE = text("TIME_ZONE", "Europe/Warsaw", "of the city, as the IANA database names it")
CITY = text(
    "CITY", "Kraków", "the city whose cinemas these are: in headings and calendars, and places are sought in it"
)
if not CITY.strip():
    raise ImproperlyConfigured("CITY is empty: expected the city's name.")
try:
    city.be(CITY, TIME_ZONE)
except (ValueError, KeyError, OSError) as error:
    raise ImproperlyConfigured(f"TIME_ZONE={TIME_ZONE}: expected a name like Europe/Warsaw.") from error
#: What this installation calls itself.
SITE_NAME = f"Kino{''.join(CITY.split())}"
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # no collectstatic step: one thing less to forget

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kinokrakow.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
if _site.scheme == "https":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [f"https://{_site.netloc}"]
    # Only behind a proxy that says how it was asked is a request by http known from one by https.
    SECURE_SSL_REDIRECT = TRUSTED_PROXIES > 0
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^metrics$"]  # asked on this machine, past the proxy
    SECURE_HSTS_SECONDS = HSTS_SECONDS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# HSTS for subdomains and browsers' built-in lists: not ours to decide, other things may be served under this name.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

heading("Posters")
TMDB_IMAGE_URL = address("TMDB_IMAGE_URL", "https://image.tmdb.org", "where TMDB's posters are shown from")
POSTER_HOSTS = [
    host.rstrip("/")
    for host in names(
        "POSTER_HOSTS",
        ["https://as.repertuary.pl"],
        "where the site's own posters may be shown from, beside a question: `https://host`, with commas between",
    )
]
if not all(host.startswith("https://") for host in POSTER_HOSTS):
    raise ImproperlyConfigured("POSTER_HOSTS: expected addresses like https://as.repertuary.pl, with commas between.")
# All that we show was scraped somewhere: whatever of it got past the templates must find nothing to run.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", TMDB_IMAGE_URL, *POSTER_HOSTS],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- the sources ----------------------------------------------------------------------------------
heading("The site and TMDB")
KINO_BASE_URL = address(
    "KINO_BASE_URL",
    "https://www.kino.krakow.pl",
    "the site; the bare name and `krakow.repertuary.pl` count as the same, and redirects among them are followed",
)
KINO_HOST_ALIASES = frozenset(
    names("KINO_HOST_ALIASES", [], "further names of the site, with commas between: one rate limit holds for all")
)
KINO_REQUEST_INTERVAL = seconds(
    "KINO_REQUEST_INTERVAL", 2, "least time between two requests to the site, of all processes together"
)
KINO_TIMEOUT = seconds("KINO_TIMEOUT", 20, "of one request to it")
TMDB_BASE_URL = address("TMDB_BASE_URL", "https://api.themoviedb.org/3", "TMDB's API, version 3")
TMDB_TOKEN = text(
    "TMDB_TOKEN", "", "read token from themoviedb.org (Settings → API); without it films wait unmatched and unpublished"
)
TMDB_REQUEST_INTERVAL = seconds("TMDB_REQUEST_INTERVAL", 0.05, "least time between two requests to TMDB")
RETRY_BASE_DELAY = seconds("RETRY_BASE_DELAY", 2, "pause before the first retry; it grows from there")
CONTACT = text("CONTACT", "", "an address or e-mail for the User-Agent, so that a webmaster can reach you")

# --- witnesses: other listings, only to count with; none is asked unless it is named ------------------
heading("Witnesses")
WITNESSES = names(
    "WITNESSES",
    [],
    "other listings to compare with: `coigdzie,cinema-city,mikro`; read their terms first (docs/WITNESSES.md)",
)
WITNESS_BASE_URLS = {
    "coigdzie": address("COIGDZIE_BASE_URL", "https://kino.coigdzie.pl", "where coigdzie is"),
    "cinema-city": address("CINEMA_CITY_BASE_URL", "https://www.cinema-city.pl", "where Cinema City is"),
    "mikro": address("MIKRO_BASE_URL", "https://bilety.kinomikro.pl", "where Kino Mikro's ticket shop is"),
}
if unknown := set(WITNESSES) - set(WITNESS_BASE_URLS):
    raise ImproperlyConfigured(
        f"WITNESSES={','.join(WITNESSES)}: {', '.join(sorted(unknown))} is none of {', '.join(WITNESS_BASE_URLS)}."
    )
WITNESS_REQUEST_INTERVAL = seconds("WITNESS_REQUEST_INTERVAL", 2, "least time between two requests to one of them")
WITNESS_FILLS = flag(
    "WITNESS_FILLS", False, "fill our empty fields with what a witness says of the same start, marked as theirs"
)

heading("Reading")
SYNC_CRON = text("SYNC_CRON", "10 5,9,13,17,21 * * *", "when the sync runs, as cron writes it")
if not croniter.is_valid(SYNC_CRON):
    raise ImproperlyConfigured(
        f"SYNC_CRON={SYNC_CRON}: expected minute, hour, day, month and weekday, as cron has them."
    )
FILM_REFRESH_DAYS = whole("FILM_REFRESH_DAYS", 7, "days until a film's page is read again")
FRESHNESS_HOURS = whole("FRESHNESS_HOURS", 24, "hours in which an unchanged showtime is only touched")
ARCHIVE_DAYS = whole("ARCHIVE_DAYS", 14, "days that fetched pages and ended jobs are kept")
HISTORY_DAYS = whole(
    "HISTORY_DAYS",
    800,
    "days that past showtimes, runs, ended alerts with their messages and the admin's log are kept; least: 70",
    least=70,  # past weeks say what to expect (`scraper.coverage.expectation`)
)

# --- alerts: what counts as missing, and who hears of it -------------------------------------------
heading("Alerts")
ALERT_EMAILS = names("ALERT_EMAILS", [], "who hears of alerts, with commas between")
DEFAULT_FROM_EMAIL = text(
    "ALERT_FROM", f"{SITE_NAME} <kino@localhost>", "from whom", said_default="this installation's name, at localhost"
)
_mail_server = text(
    "EMAIL_URL", "consolemail://", "by which server: `smtp+tls://user:password@host:587`; `consolemail://` only prints"
)
ALERT_URLS = names(
    "ALERT_URLS", [], "other channels, as [Apprise](https://github.com/caronc/apprise) writes them, with commas between"
)
ALERT_DROP_PERCENT = percent("ALERT_DROP_PERCENT", 30, "of the expected showtimes may be missing (%)")
ALERT_TMDB_PERCENT = percent("ALERT_TMDB_PERCENT", 80, "of the week's films should be on TMDB (%)")
ALERT_RUN_HOURS = whole("ALERT_RUN_HOURS", 26, "hours without an ended sync")
ALERT_STUCK_MINUTES = whole("ALERT_STUCK_MINUTES", 5, "minutes that due jobs may lie while nothing moves")
ALERT_REVIEW_HOURS = whole("ALERT_REVIEW_HOURS", 24, "hours before it plays, a film must be decided on")
ALERT_REFUSALS = whole("ALERT_REFUSALS", 3, "requests of one sync that the site may refuse")
HEARTBEAT_URL = text(
    "HEARTBEAT_URL", "", "asked (https only) after each good look, so that somebody else notices our silence"
)
if HEARTBEAT_URL and not HEARTBEAT_URL.startswith("https://"):
    raise ImproperlyConfigured("HEARTBEAT_URL: expected an address that starts with https://, for it is a secret.")
METRICS_TOKEN = text("METRICS_TOKEN", "", "bearer token of `/metrics`, which is off without it")

_mail = environ.Env.email_url_config(_mail_server)
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"] or "localhost", _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10

# --- django-q2: carries the ids of our own Job rows (kinokrakow/jobs.py), nothing more --------------
heading("Workers and log")
Q_WORKERS = whole("Q_WORKERS", 2 if _on_sqlite else 4, "workers of a cluster", said_default="2, on PostgreSQL 4")
Q_TIMEOUT = whole("Q_TIMEOUT", 180, "time limit of a job")
_QUEUE_LIMIT, _BULK = 2, 1
# A task waits prefetched behind others; shorter than this it would be handed out a second time.
_LEAST_RETRY = int(Q_TIMEOUT * (1 + (_QUEUE_LIMIT + _BULK) / Q_WORKERS)) + 10
Q_RETRY = whole(
    "Q_RETRY", _LEAST_RETRY, "when django-q hands an unanswered task out again", said_default="computed from these two"
)
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

LOG_LEVEL = text("LOG_LEVEL", "INFO", "least level that is logged: DEBUG, INFO, WARNING, ERROR").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise ImproperlyConfigured(f"LOG_LEVEL={LOG_LEVEL}: expected DEBUG, INFO, WARNING or ERROR.")
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
    | {name: {"level": LOG_LEVEL} for name in ("kinokrakow", "events", "review", "scraper")},
}
