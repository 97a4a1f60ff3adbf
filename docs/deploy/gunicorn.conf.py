"""gunicorn for KinoKraków: threads, time-outs and a log on stderr. Tested: a server that runs with it."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
timeout = 60  # s in which a worker must show that it lives
graceful_timeout = 30  # s that open requests have when it ends
keepalive = 5
max_requests = 5000  # requests after which a worker is replaced, so that no leak lasts
max_requests_jitter = 500
accesslog = "-"
access_log_format = '%(t)s %({x-forwarded-for}i)s %(h)s "%(r)s" %(s)s %(b)s %(L)ss'
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # a slow disk must not look like a hung worker
