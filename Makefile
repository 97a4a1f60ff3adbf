# Each target sets up all that it needs. PORT: where `make demo` and `make run` serve (8000).
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: help docs pictures demo run test test-days bench mutants look fuzz chaos year check translations clean

help: ## what can be made (this list)
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

demo: .venv/run.done ## everything against a local site, TMDB and geocoder; FAULT=day|down|layout|tmdb|cinema
	$(BIN)/python manage.py demo --port $(PORT) $(if $(FAULT),--fault $(FAULT)) $(if $(DATABASE_URL),--database "$(DATABASE_URL)")

run: .venv/run.done ## everything against the live services, with the settings in .env
	$(BIN)/python manage.py run_live --port $(PORT)

test: .venv/dev.done ## the whole suite, on SQLite and PostgreSQL
	$(BIN)/python -m tests

# The suite on eight days at three hours each (needs Debian's package faketime); takes an hour and more.
test-days: .venv/dev.done ## the suite with the clock moved, an hour and more
	$(BIN)/python -m tests.any_day

# ONLY=store: one part, see docs/BENCHMARKS.md.
bench: .venv/bench.done ## every figure of docs/BENCHMARKS.md, ten minutes on a quiet machine; ONLY=part
	ONLY="$(ONLY)" $(BIN)/python -m tests.bench

# What no test notices: N mutants of the core drawn by SEED, for MINUTES at most. See docs/MUTANTS.md.
mutants: .venv/bench.done ## change the core at random: does a test notice? SEED=1 N=300 MINUTES=20
	SEED="$(SEED)" N="$(N)" MINUTES="$(MINUTES)" ONLY="$(ONLY)" $(BIN)/python -m tests.mutants

# Every page at five widths, light and dark, in both languages: axe, sideways scroll, covered focus, cut tables.
look: .venv/dev.done ## every page at five widths, light and dark, in both languages; half an hour
	LOOK=all DEBUG=1 $(BIN)/python -m pytest tests/test_look.py -q -s

# Damage pages at random and read them, for ten minutes at most.
fuzz: .venv/dev.done ## damage pages at random and read them
	$(BIN)/python -m tests.pages.fuzz

# Each kind of fault alone, then mixed while processes are killed, on both databases; nothing may be lost, doubled or stuck.
chaos: .venv/dev.done ## each kind of fault alone, then mixed with kills; 15 minutes of two cores
	$(BIN)/python -m tests.chaos --minutes 15

# A year of syncs against a site that lives, its troubles and its staff; prints every figure. Half an hour of two cores.
year: .venv/dev.done ## a year of syncs against a site that lives, half an hour of two cores
	$(BIN)/python -m tests.year

# The settings of a server as docs/deploy/ has them.
AS_A_SERVER := env DEBUG=0 SITE_URL=https://kino.example TRUSTED_PROXIES=1 HSTS_SECONDS=3600
check: .venv/dev.done ## lint, types, rooms, migrations, deployment check, known vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(AS_A_SERVER) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m tests.audit

docs: .venv/dev.done ## write the parts of the documents that come from the code
	$(BIN)/python -m tests.documents

pictures: .venv/dev.done ## take the documents' pictures of the demo (needs Chromium)
	$(BIN)/python -m tests.pictures

# After a text has changed (gettext is needed): brings new ones into the .po; translate them there, then run it again.
PO := kinokrakow/locale/pl/LC_MESSAGES/django.po
translations: .venv/run.done ## bring new texts into the Polish catalogue, compile it
	$(BIN)/python manage.py makemessages --locale pl --ignore .venv --ignore tests --no-location --no-wrap --no-obsolete
	sed -i '/^"POT-Creation-Date/d' $(PO)
	msgfmt --check-format --output-file $(PO:.po=.mo) $(PO)

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.done: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev.done: requirements-dev.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ .venv/run.done

.venv/bench.done: requirements-bench.txt requirements-dev.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	touch $@ .venv/dev.done .venv/run.done

clean: ## remove what the above have made
	rm -rf .venv .mutants .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
