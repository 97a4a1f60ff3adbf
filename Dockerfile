# The program, to be run as web server (the default), worker or any command: docs/deploy/compose.yaml.
# Tested: the server that it starts (gunicorn with this configuration). Not tested: a build by Docker.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
# pg_dump and pg_restore for `manage.py backup` and `restore`; must not be older than the server.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-common ca-certificates \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y --no-install-recommends postgresql-client-18 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home kinokrakow
WORKDIR /srv/kinokrakow
COPY requirements.txt .
RUN pip install --disable-pip-version-check -r requirements.txt
COPY . .
RUN python -m compileall -q events kinokrakow review scraper
USER kinokrakow
EXPOSE 8000
CMD ["gunicorn", "kinokrakow.wsgi", "--config", "docs/deploy/gunicorn.conf.py"]
