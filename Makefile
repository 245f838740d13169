# Everything a newcomer or a CI machine types. `make` alone lists it.
# Each target does its own set-up (tools/setup.py); what is already there costs no time.

PY := sh tools/python.sh -m
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check soak bench dev wheel
# One thing at a time: the targets share one environment and one page build.
.NOTPARALLEL:

help: ## list the targets
	@echo 'make <target> [ARGS="..."]'
	@sed -n 's/^\([a-z]*\):[^#]*## /  \1	/p' Makefile | expand -t 10

setup: ## bring uv, Node, bun, every package, the page and a browser
	@$(PY) tools.setup everything

demo: ## sync a sample export and show it on the page; ARGS=--no-serve for scripts
	@$(PY) tools.setup page
	@$(PY) tools.machine uv run --no-sync cdalake demo $(ARGS)

test: ## every test: Python, page, browser; ARGS="tests/cda -k name" runs a part of pytest
	@$(PY) tools.setup everything
	@$(PY) tools.test $(ARGS)

check: ## format, lint, types, layers, locks, generated client, coverage
	@$(PY) tools.setup web
	@$(PY) tools.check

soak: ## the long crash tests; ARGS go to pytest
	@$(PY) tools.setup page
	@$(PY) tools.machine uv run --no-sync pytest tests/soak -s -o faulthandler_timeout=0 $(ARGS)

bench: ## measure against the targets of the design; ARGS="monitor" measures server and page
	@$(PY) tools.setup $(if $(filter monitor,$(ARGS)),everything,python)
	@$(PY) tools.machine uv run --no-sync python benchmarks/run.py $(ARGS)

dev: ## API and page with reload, until Ctrl-C
	@$(PY) tools.setup web
	@$(PY) tools.dev $(ARGS)

wheel: ## build the page and dist/*.whl
	@$(PY) tools.setup page
	@$(PY) tools.machine uv build --wheel --out-dir dist
