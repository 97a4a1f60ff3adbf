# Each target sets up all that it needs. PORT: where `make demo` and `make run` serve (8000).
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: demo run test check clean

demo: .venv/run.done
	$(BIN)/python manage.py demo --port $(PORT) $(if $(DATABASE_URL),--database "$(DATABASE_URL)")

run: .venv/run.done
	$(BIN)/python manage.py run_live --port $(PORT)

test: .venv/dev.done
	$(BIN)/python -m tests

check: .venv/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.done: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev.done: requirements-dev.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ .venv/run.done

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
