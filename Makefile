# make lesson   set everything up and run the lessons; HTML in build/lessons
# make test     set everything up and run all tests
# The other targets: setup, build, lab, bench, data, generate, clean.

PYTHON  ?= python3
GO      ?= go
VENV    := .venv
BIN     := $(VENV)/bin
PY      := $(BIN)/python
BINARY  := bin/dagbook
SPEC    := $(VENV)/share/jupyter/kernels/dagbook/kernel.json
LESSONS := $(wildcard notebooks/*.ipynb)
GOFILES := $(shell find . -name '*.go' -not -path './.venv/*' 2>/dev/null) $(wildcard kernel/eval/symbols/*.zip kernelspec/*.png kernelspec/*.svg)

# What Jupyter reads and writes stays inside the project.
export JUPYTER_PLATFORM_DIRS := 1
export JUPYTER_CONFIG_DIR := $(CURDIR)/build/jupyter/config
export JUPYTER_DATA_DIR := $(CURDIR)/build/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/build/jupyter/runtime
export IPYTHONDIR := $(CURDIR)/build/jupyter/ipython
export XDG_DATA_HOME := $(CURDIR)/build/jupyter/xdg

.PHONY: setup build lesson test lab bench data generate clean check cross unit race gcc gotests gotests-fifth e2e browser test-setup
.DELETE_ON_ERROR:

setup: $(VENV)/.lesson build $(SPEC)

build: $(BINARY)

$(BINARY): go.mod go.sum $(GOFILES)
	@command -v $(GO) >/dev/null || { echo "dagbook needs Go 1.26 or newer: see https://go.dev/dl"; exit 1; }
	CGO_ENABLED=0 $(GO) build -trimpath -o $@ .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "dagbook's lessons need Python 3.10 or newer with venv; name one with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python's venv module is missing (Debian: apt install python3-venv)"; exit 1; }

$(VENV)/.lesson: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.test: requirements-test.txt $(VENV)/.lesson
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-test.txt
	touch $@

$(SPEC): $(BINARY)
	$(BINARY) install --prefix $(VENV)

# The data that the lessons need, in notebooks/data; SIZE=small is what the tests take.
SIZE ?= full
DATA := $(if $(filter small,$(SIZE)),build/data,notebooks/data)
data:
	@command -v $(GO) >/dev/null || { echo "dagbook needs Go 1.26 or newer: see https://go.dev/dl"; exit 1; }
	$(GO) run ./notebooks/makedata -size $(SIZE) $(DATA)

lesson: setup data
	$(PY) e2e/lessons.py build/lessons $(LESSONS)

lab: setup data
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

test: check cross race gotests-fifth e2e browser
	@echo "all tests passed"

# vet reads what the race detector's tests compile, so nothing is compiled for it alone.
check: gcc
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt these files:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	CGO_ENABLED=1 $(GO) vet -race ./...

# It must stay possible to run on other systems, and in a browser's page. Whether it builds
# is all that is asked: without optimisation that takes two thirds of the time.
cross: export GOFLAGS += '-gcflags=all=-N -l'
cross:
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 $(GO) build -o /dev/null .
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 $(GO) build -o /dev/null .
	GOOS=js GOARCH=wasm $(GO) build ./kernel/eval/... ./display/... ./taskgraph/...

unit: test-setup
	$(GO) test ./...

# Go's own tests: those in testdata/gotests/passes.txt must go on passing. CI runs a fifth,
# and a session of 10,000 cells, which is shorter where the race detector runs it. Compiled
# as the kernel is, they share what was compiled for it.
gotests:
	CGO_ENABLED=0 $(GO) test -trimpath ./kernel/eval/closure -run '$(or $(GOTESTS_RUN),TestGoTests)' -gotests $(or $(GOTESTS),all) -timeout 30m -v

gotests-fifth:
	$(MAKE) gotests GOTESTS=fifth GOTESTS_RUN='TestGoTests|TestLongSession'

gcc:
	@command -v gcc >/dev/null || { echo "the race detector needs gcc (Debian: apt install gcc)"; exit 1; }

race: test-setup gcc
	CGO_ENABLED=1 $(GO) test -race -timeout 15m ./...

test-setup: setup $(VENV)/.test

e2e: test-setup
	$(MAKE) data SIZE=small
	$(PY) -m pytest -q e2e --ignore-glob "e2e/test_lab*"

browser: test-setup
	$(MAKE) data SIZE=small
	sh e2e/chromium.sh
	$(PY) -m pytest -q e2e/test_lab*.py

bench: test-setup data
	sh e2e/chromium.sh
	$(GO) test -run '^$$' -bench . -benchmem ./...
	$(PY) e2e/bench.py

generate:
	cd kernel/eval/symbols && $(GO) generate
	cd kernel/eval/closure && $(GO) generate . ./rt

clean:
	rm -rf bin build $(VENV)
