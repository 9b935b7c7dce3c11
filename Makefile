# `make` shows what there is. Everything lives in .venv/ and var/ (as root: /var/lib/helpdesk/); nothing else is touched.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo stop logs test check bench venv translations

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*##\(.*\)/  make \1\t\2/p' Makefile | expand -t 16

demo: .venv/.run translations  ## run a demo company on http://localhost:8000 (PORT=…, LIVE_PORT=…)
	@$(BIN)/python -m helpdesk.run demo

stop:  ## stop the demo and the built-in PostgreSQL and Redis; the data stays
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m helpdesk.run stop

logs:  ## follow the logs of the demo
	@$(BIN)/python -m helpdesk.run logs

test: venv translations  ## run the tests
	$(BIN)/python -m pytest

check: venv translations  ## run everything that CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	env $(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(MAKE) --no-print-directory test

bench: venv translations  ## measure pages, intake and search at 100,000 tickets (TICKETS=…); long the first time
	$(BIN)/python -m benchmarks $(if $(TICKETS),--tickets $(TICKETS))

venv: .venv/.dev  ## make the virtual environment, with all that checks

translations: $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

%.mo: %.po
	@$(BIN)/pybabel -q compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

# The stamps are newer than the requirements as long as nothing has to be installed.
.venv/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Helpdesk needs Python 3.11 or newer: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# What a production machine sets, for `check --deploy`; nothing is contacted.
PRODUCTION := SECRET_KEY=not-a-secret-but-as-long-and-as-mixed-as-one-0123456789 SITE_URL=https://desk.example.com \
	ALLOWED_HOSTS=desk.example.com DATABASE_URL=postgres://desk:secret@db.example.com/desk \
	REDIS_URL=redis://redis.example.com/0 EMAIL_URL=smtp+tls://desk:secret@mail.example.com:587 \
	MAIL_DOMAIN=reply.example.com BEHIND_PROXY=1 DEMO=0 DEBUG=0
