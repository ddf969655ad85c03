# What a person types. Each target installs what it needs, pinned, into .venv.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
NODE := $(shell command -v node 2>/dev/null)
PANEL := jupyter_privguard/labextension/package.json
PANEL_SOURCES := $(wildcard labextension/src/* labextension/src/*/* labextension/style/*) labextension/package.json labextension/tsconfig.json labextension/webpack.config.js labextension/yarn.lock

.PHONY: help demo test lab check docs bench soak fuzz screenshot lock dist sbom audit matrix clean

help:
	@echo 'make demo [DATA=FILE]  a guarded notebook from raw data to a compliance file'
	@echo 'make lab               JupyterLab with guard and panel; LAB_OPTIONS=--port=8890 and the like are handed on'
	@echo 'make test              all tests: unit, real kernel, real server, real browser'
	@echo 'make check             format, lint, types, layers, licences, documentation'
	@echo 'make docs              the documentation site, in docs/_build/html, read from the disk'
	@echo 'make bench             benchmarks, as ratios; writes bench/RESULTS.md'
	@echo 'make soak              10,000 cells in one kernel: memory and speed beside an unguarded one'
	@echo 'make fuzz              the property tests with twenty times as many examples'
	@echo 'make dist              sdist and wheel into dist/, with their SHA-256'
	@echo 'make sbom              what an installation and the panel hold: dist/sbom.cdx.json'
	@echo 'make audit             known vulnerabilities of what is locked; needs the network'
	@echo 'make matrix            other versions of Python, pandas and Jupyter; needs a package index'

.venv/core: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.txt
	HATCH_BUILD_NO_HOOKS=true $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/core requirements-dev.txt
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

ifeq ($(NODE),)
panel: .venv/core
	@test -e $(PANEL) || echo 'privguard: there is no Node on this machine, so the JupyterLab panel is left out; all the rest works.'
else
panel: $(PANEL)
endif
.PHONY: panel

$(PANEL): .venv/core $(PANEL_SOURCES)
	cd labextension && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm install --immutable && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm build:prod
	HATCH_BUILD_NO_HOOKS=true $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

demo: panel
	@$(BIN)/privguard demo $(if $(value DATA),--data '$(subst ','\'',$(value DATA))')

# Kernels of this JupyterLab load the guard by themselves; the user's own IPython profile is left alone.
lab: export IPYTHONDIR := $(CURDIR)/.venv/ipython
lab: panel
	@$(BIN)/privguard enable
	$(BIN)/python -m jupyterlab --ServerApp.root_dir=notebooks $(LAB_OPTIONS)

test: .venv/dev panel chromium postgres
	@test -e $(PANEL) || { echo 'privguard: the tests need the panel, and the panel needs Node 20 or newer: install nodejs.'; exit 1; }
	cd labextension && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm unit
	$(BIN)/python -m pytest -n 2 --dist loadfile --max-worker-restart=0

check: .venv/dev panel-types
	$(BIN)/ruff format --check jupyter_privguard tests bench .ci docs/conf.py docs/_ext
	$(BIN)/ruff check jupyter_privguard tests bench .ci docs/conf.py docs/_ext
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests/architecture

# Without the network where the packages of the panel are there already.
ifeq ($(NODE),)
panel-types:
	@echo 'privguard: there is no Node on this machine, so the types of the panel are not checked; all the rest is.'
else
panel-types: labextension/node_modules
	cd labextension && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm check
endif
.PHONY: panel-types

labextension/node_modules: labextension/yarn.lock | .venv/core
	cd labextension && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm install --immutable
	@touch $@

docs: .venv/dev
	$(BIN)/python -m sphinx -W --keep-going -q -E -b html docs docs/_build/html
	@echo 'privguard: the documentation is in $(CURDIR)/docs/_build/html/index.html'

soak: .venv/dev
	$(BIN)/python bench/soak.py

fuzz: .venv/dev
	$(BIN)/python bench/fuzz.py

# PEERS=1 first installs the classifiers that ours is measured beside, in an environment of their own.
bench: .venv/dev $(if $(PEERS),.venv/peers/installed)
	$(BIN)/python bench/run.py $(PARTS)

.venv/peers/installed: bench/peers/requirements.txt
	$(PYTHON) -m venv .venv/peers && .venv/peers/bin/pip install -q -r bench/peers/requirements.txt
	@touch $@

screenshot: .venv/dev panel chromium
	$(BIN)/python labextension/ui-tests/screenshot.py

# A Chromium or Chrome that is there, else the system's package.
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null \
	  || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } \
	  || { echo 'privguard: the browser tests need Chromium or Chrome; install the package chromium (Debian, Fedora) or chromium-browser (Ubuntu).'; exit 1; }
.PHONY: chromium

# A PostgreSQL server that is there, else the system's package; the tests start one of their own.
postgres:
	@command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 \
	  || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; } \
	  || { echo 'privguard: the tests of the team store need a PostgreSQL server; install the package postgresql (Debian, Ubuntu) or postgresql-server (Fedora).'; exit 1; }
.PHONY: postgres

# Locks hold names, versions and hashes, and no registry host.
lock: .venv/core
	$(BIN)/python -m venv .venv/uv && .venv/uv/bin/pip install -q uv
	.venv/uv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --extra parquet --extra plots --group build pyproject.toml -o requirements.txt
	.venv/uv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --extra parquet --extra plots --extra polars --extra duckdb --extra s3 --extra postgres --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

# From the same commit the same bytes, wherever and whenever: the wheel is made from the sdist, like everybody's.
dist: .venv/dev $(PANEL)
	rm -rf dist
	@git diff --quiet HEAD -- 2>/dev/null || echo 'privguard: this tree is not what is committed, so nobody else can build these files.'
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m build --no-isolation --outdir dist . >/dev/null
	@cd dist && sha256sum *

sbom: .venv/dev $(PANEL)
	$(BIN)/python .ci/sbom.py dist/sbom.cdx.json

audit: .venv/audit/installed .venv/core
	$(BIN)/python .ci/audit.py .venv/audit/bin/pip-audit "$(CURDIR)/$(BIN)/jlpm"

.venv/audit/installed: | .venv/core
	$(PYTHON) -m venv .venv/audit && .venv/audit/bin/pip install -q pip-audit
	@touch $@

# Each row of docs/compatibility.md in an environment of its own, which is removed again.
matrix: dist
	$(BIN)/python .ci/matrix.py dist/*.whl

clean:
	rm -rf .venv dist demo-output docs/_build jupyter_privguard/labextension labextension/lib labextension/node_modules
