# Everything one does with this project on one machine. `make` alone lists it.

PYTHON ?= python3
BIN := .venv/bin
VENDOR := chalicelib/web/vendor
MINI := tests/miniprogram
UV_COMPILE = build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--no-emit-index-url --no-annotate --no-header --generate-hashes

# What was imported once is not compiled again by each of the many processes that the tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup libraries tools chromium run test check bench deploy package rollback teardown replay restore-drill drill format lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PORT (8000) and STATE (.local) say where \`make run\` listens and what it keeps."

setup: libraries tools chromium ## Install what run, test and check need (only what is missing)

libraries: .venv/.made .venv-aws/.made $(VENDOR)/leaflet.js
tools: $(MINI)/node_modules/.made

# The stamp is written last, and an environment without it is made afresh: one that was
# interrupted, or made by another Python, cannot be told from a good one by looking at it.
.venv/.made: requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "Python 3.11 to 3.13 is needed, $(PYTHON) is `$(PYTHON) --version`"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	# Bytecode comes with the first import of what is used: compiling all of it takes as long as fetching it.
	.venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r $<
	touch $@

# The local AWS pins another botocore, so it lives in an environment of its own.
.venv-aws/.made: infra/local/requirements.txt
	$(PYTHON) -m venv --clear .venv-aws
	.venv-aws/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

# The module is copied last, so that where it stands everything does.
$(VENDOR)/leaflet.js: package.json package-lock.json
	npm ci --ignore-scripts --loglevel=error
	rm -rf $(VENDOR)
	mkdir -p $(VENDOR)
	cp node_modules/leaflet/dist/leaflet.css $(VENDOR)/leaflet.css
	cp node_modules/amazon-kinesis-video-streams-webrtc/dist/kvs-webrtc.min.js $(VENDOR)/kvs-webrtc.min.js
	cp node_modules/hls.js/dist/hls.min.mjs $(VENDOR)/hls.js
	cp node_modules/mediabunny/dist/bundles/mediabunny.min.mjs $(VENDOR)/mediabunny.js
	sed 's|from"mediabunny"|from"./mediabunny.js"|g' \
		node_modules/@mediabunny/aac-encoder/dist/bundles/mediabunny-aac-encoder.min.mjs \
		> $(VENDOR)/mediabunny-aac-encoder.js
	! grep -q '"mediabunny"' $(VENDOR)/mediabunny-aac-encoder.js
	cp node_modules/leaflet/dist/leaflet-src.esm.js $@

# What checks the mini-program: the platform's typings and compilers, and a simulator of its pages.
$(MINI)/node_modules/.made: $(MINI)/package.json $(MINI)/package-lock.json
	cd $(MINI) && npm ci --ignore-scripts --loglevel=error
	touch $@

chromium:
	@sh infra/local/chromium.sh

run: libraries ## Start the whole service on this machine; Ctrl-C stops it
	@exec $(BIN)/python -m infra.local

test: setup ## Set up, then run every test; AGAIN=1 only what failed
	$(BIN)/python -m tests.whole $(if $(AGAIN),--again)

check: libraries tools ## Set up, then lint, types, import contract, bandit and the tests about the project
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict app.py chalicelib infra tests
	$(BIN)/lint-imports
	$(BIN)/bandit -q -ll -r app.py chalicelib infra
	$(BIN)/python -m pytest -q tests/project

bench: libraries build/peers/.made ## Measure beside floors and peers and write docs/benchmarks.md; some five minutes
	$(BIN)/python -m tests.bench

build/peers/.made: tests/bench/peers/requirements.txt
	$(PYTHON) -m venv --clear build/peers
	build/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

deploy: libraries ## STAGE=… put it on AWS, or bring it up to date; DRY=1 only says what that would do
	$(BIN)/python -m infra.deploy deploy --stage "$(STAGE)" $(if $(DRY),--dry-run)

package: libraries ## STAGE=… the zip and template for a deploy by CloudFormation, in build/package
	$(BIN)/python -m infra.deploy package --stage "$(STAGE)"

rollback: libraries ## STAGE=… deploy the release before the last again, or RELEASE=…
	$(BIN)/python -m infra.deploy rollback --stage "$(STAGE)" $(if $(RELEASE),--release "$(RELEASE)")

teardown: libraries ## STAGE=… CONFIRM=… remove what runs; tables, evidence and accounts stay
	$(BIN)/python -m infra.deploy teardown --stage "$(STAGE)" --confirm "$(CONFIRM)"

replay: libraries ## STAGE=… QUEUE=… take what stands in a dead-letter queue up again
	$(BIN)/python -m infra.replay --stage "$(STAGE)" --queue "$(QUEUE)"

restore-drill: libraries ## STAGE=… restore the tables beside the live ones, check the copies, delete them; DRY=1 AT=… KEEP=1
	$(BIN)/python -m infra.restore --stage "$(STAGE)" $(if $(DRY),--dry-run) $(if $(AT),--at "$(AT)") \
		$(if $(INCIDENTS),--incidents "$(INCIDENTS)") \
		$(if $(KEEP),--keep) $(if $(FRESH),--fresh)

drill: libraries ## SPEED=100 SEATS=4 FROM=00:00 TO=24:00 OUT=… a day's calls against `make run`, or URL=… ACCOUNTS=…
	$(BIN)/python -m infra.drill play --speed "$(or $(SPEED),100)" --seats "$(or $(SEATS),4)" \
		--from "$(or $(FROM),00:00)" --to "$(or $(TO),24:00)" $(if $(OUT),--out "$(OUT)") \
		$(if $(DAY),--day "$(DAY)") $(if $(TOKENS),--tokens "$(TOKENS)") \
		$(if $(URL),--url "$(URL)" --accounts "$(ACCOUNTS)",--ready "$(or $(STATE),.local)/ready.json")

format: .venv/.made ## Put the Python files into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Resolve all dependencies anew: versions and hashes, no download addresses
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(UV_COMPILE) --upgrade requirements.in -o requirements.txt
	$(UV_COMPILE) --upgrade requirements-dev.in -o requirements-dev.txt
	$(UV_COMPILE) --upgrade infra/local/requirements.in -o infra/local/requirements.txt
	$(UV_COMPILE) --upgrade tests/bench/peers/requirements.in -o tests/bench/peers/requirements.txt
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
	cd $(MINI) && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean: ## Remove what set-up and tests made; what `make run` keeps under .local stays
	rm -rf .venv .venv-aws node_modules $(MINI)/node_modules $(VENDOR) build .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
