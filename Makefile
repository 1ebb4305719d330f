# Each target is one line; the work is in scripts/. PORT, ARGS and the settings come from the environment.
.PHONY: help run demo serve test check e2e bench pins
.DEFAULT_GOAL := help
export PORT
.SILENT:

help: ## say what there is
	grep -hE '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 10

run: ## the demonstration on http://localhost:8000 (PORT=… for another port); Ctrl-C ends it
	python3 scripts/setup.py run && exec .venv/bin/python -m scripts.run demonstration

demo: ## the demonstration afresh: forgets everything in var/demo (CASES=300 for a whole country)
	python3 scripts/setup.py run && exec .venv/bin/python -m scripts.run afresh

serve: ## the portal itself, with settings from the environment or waharoa.env
	python3 scripts/setup.py serve && exec .venv/bin/python -m scripts.run serve

test: ## everything: linters and all tests on both databases (ARGS=… go to pytest)
	python3 scripts/setup.py test && exec .venv/bin/python -m scripts.test all $(ARGS)

check: ## the linters only
	python3 scripts/setup.py test && exec .venv/bin/python -m scripts.test check

e2e: ## the journeys in a browser only (SHOTS=1 keeps pictures in var/screenshots)
	python3 scripts/setup.py test && exec .venv/bin/python -m scripts.test journeys $(ARGS)

bench: ## measure the speed claims (ONLY=letters for a part); bench/README.md says how to read it
	python3 scripts/setup.py test && exec .venv/bin/python -m bench

pins: ## pin the requirements afresh (ARGS=-U for newer releases)
	python3 scripts/setup.py test && scripts/pins.sh $(ARGS)
