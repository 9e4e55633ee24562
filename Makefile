# Set-up is a dependency of each target: a fresh clone needs nothing but Python 3.10 or later and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# What to scan; a sample when nothing is named.
DIR    ?=
SECONDS := 60
SEED    ?= 1
# An environment with what `make scan` needs, and nothing else.
SCAN_VENV := .venv-scan
# An environment with checkov alone, for the tests of the shims without the package.
CHECKOV_VENV := .venv-checkov
# An environment with AWS's constructs, for the stacks that CDK synthesizes (node must be there).
CDK_VENV := .venv-cdk
# An environment with python-hcl2, which breaks checkov where both are installed.
HCL2_VENV := .venv-hcl2
# An environment with pre-commit, whose dependencies checkov's do not go with.
PRE_COMMIT_VENV := .venv-pre-commit
# Each needs its python3.x on the PATH, or in pyenv.
VERSIONS ?= 3.10 3.12 3.13
OLDEST_CHECKOV := 3.3.0
OLDEST_CFN_LINT := 1.44.0
EXTRAS   := checkov,cfn-lint,lsp,completion,docs,dev

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.PHONY: help bench browser rule mutants fuzz fuzz-atheris scan test test-all test-versions test-hosts lint docs clean

help:
	@echo "make scan [DIR=path]   scan with the command line, checkov and cfn-lint (default: a sample)"
	@echo "make test              all tests but the slow ones"
	@echo "make test-all          all tests, also with each of Python $(VERSIONS)"
	@echo "make test-hosts        the hosts' tests with the oldest and the newest checkov and cfn-lint"
	@echo "make lint              ruff and mypy"
	@echo "make bench             how fast it is beside checkov and cfn-lint, and how it grows"
	@echo "make fuzz [SECONDS=60] mutated inputs for each reader"
	@echo "make fuzz-atheris HARNESS=hcl    the same steered by coverage, where atheris installs"
	@echo "make rule ID=ECS640 NAME=noun-phrase-of-the-fault    what a new rule starts from"
	@echo "make mutants           break the engine in small ways and print what no test noticed"
	@echo "make docs              the documentation as a site, in site/"
	@echo "make clean             remove the environments"

$(VENV)/.ready: setup.cfg pyproject.toml requirements/dev.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.10 or later is needed" if sys.version_info < (3, 10) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@# built apart: beside checkov stands an older 'packaging' than setuptools can work with
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@

.venv-3.%/.ready: setup.cfg pyproject.toml
	PYENV_VERSION="$$(pyenv latest 3.$* 2>/dev/null)" python3.$* -m venv .venv-3.$*
	.venv-3.$*/bin/python -m pip install --quiet --editable '.[$(EXTRAS)]'
	touch $@

$(CHECKOV_VENV)/.ready: setup.cfg
	$(PYTHON) -m venv $(CHECKOV_VENV)
	$(CHECKOV_VENV)/bin/python -m pip install --quiet 'checkov>=3.3,<4'
	touch $@

$(CDK_VENV)/.ready:
	$(PYTHON) -m venv $(CDK_VENV)
	$(CDK_VENV)/bin/python -m pip install --quiet 'aws-cdk-lib>=2.275,<3'
	touch $@

$(HCL2_VENV)/.ready:
	$(PYTHON) -m venv $(HCL2_VENV)
	$(HCL2_VENV)/bin/python -m pip install --quiet 'python-hcl2>=8,<9'
	touch $@

# The command alone is there within seconds, and the first findings with it.
$(SCAN_VENV)/.command: setup.cfg pyproject.toml requirements/runtime.txt
	@echo "Installing the command into $(SCAN_VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.10 or later is needed" if sys.version_info < (3, 10) else 0)'
	@$(PYTHON) -m venv $(SCAN_VENV)
	@$(SCAN_VENV)/bin/python -m pip install --quiet --require-hashes -r requirements/runtime.txt
	@$(SCAN_VENV)/bin/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(SCAN_VENV)/.hosts: $(SCAN_VENV)/.command requirements/scan.txt
	@echo; echo "Installing checkov and cfn-lint into $(SCAN_VENV), once: a minute or two ..."
	@$(SCAN_VENV)/bin/python -m pip install --quiet --require-hashes -r requirements/scan.txt
	@touch $@

scan: $(SCAN_VENV)/.command
	@$(SCAN_VENV)/bin/python -I tools/scan_everywhere.py command "$(DIR)"
	@$(MAKE) --no-print-directory $(SCAN_VENV)/.hosts
	@$(SCAN_VENV)/bin/python -I tools/scan_everywhere.py hosts "$(DIR)"

# The tests that look at pages in a browser skip where there is none.
browser:
	@tools/browser.sh

test: $(VENV)/.ready $(CHECKOV_VENV)/.ready browser
	$(BIN)/python -m pytest -q -n 2 -m 'not slow' < /dev/null

# Ratios of medians beside checkov and cfn-lint; takes half an hour. RUNS=1 to look quickly.
bench: $(VENV)/.ready
	$(BIN)/python benchmarks/ratios.py --runs $(or $(RUNS),5)

$(PRE_COMMIT_VENV)/.ready:
	$(PYTHON) -m venv $(PRE_COMMIT_VENV)
	$(PRE_COMMIT_VENV)/bin/python -m pip install --quiet 'pre-commit>=4,<5'
	touch $@

test-all: $(PRE_COMMIT_VENV)/.ready $(VENV)/.ready $(CHECKOV_VENV)/.ready $(CDK_VENV)/.ready $(HCL2_VENV)/.ready
	ECS_PREFLIGHT_CDK_PYTHON=$(CURDIR)/$(CDK_VENV)/bin/python \
	ECS_PREFLIGHT_PRE_COMMIT=$(CURDIR)/$(PRE_COMMIT_VENV)/bin/pre-commit \
	ECS_PREFLIGHT_HCL2_PYTHON=$(CURDIR)/$(HCL2_VENV)/bin/python \
		$(BIN)/python -m pytest -q -n 2 < /dev/null
	$(MAKE) test-versions
	$(MAKE) test-hosts
	$(MAKE) fuzz SECONDS=1200

test-versions: $(VERSIONS:%=.venv-%/.ready) $(CHECKOV_VENV)/.ready
	set -e; for version in $(VERSIONS); do \
		.venv-$$version/bin/python -m pytest -q -n 2 -m 'not slow' < /dev/null; \
	done

# The oldest hosts that are supported, and the newest there are.
.venv-oldest/.ready: HOSTS := 'checkov==$(OLDEST_CHECKOV)' 'cfn-lint==$(OLDEST_CFN_LINT)'
.venv-newest/.ready: HOSTS := --upgrade 'checkov<4' 'cfn-lint<2'
.venv-oldest/.ready .venv-newest/.ready: setup.cfg
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --editable '.[$(EXTRAS)]' $(HOSTS)
	touch $@

test-hosts: .venv-oldest/.ready .venv-newest/.ready $(CHECKOV_VENV)/.ready
	set -e; for hosts in oldest newest; do \
		.venv-$$hosts/bin/python -m pytest -q -n 2 -m 'not slow' tests/hosts < /dev/null; \
	done

# Mutated inputs for each reader; the same ones for the same SEED, as far as SECONDS reach.
fuzz: $(VENV)/.ready
	$(BIN)/python fuzz/fuzz.py --seconds $(SECONDS) --seed $(SEED)

# The same, steered by coverage; atheris has no wheels for each Python.
.venv-atheris/.ready: setup.cfg requirements/runtime.txt
	$(PYTHON) -m venv .venv-atheris
	.venv-atheris/bin/python -m pip install --quiet --require-hashes -r requirements/runtime.txt
	.venv-atheris/bin/python -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	.venv-atheris/bin/python -m pip install --quiet 'atheris>=3,<4'
	touch $@

fuzz-atheris: .venv-atheris/.ready
	.venv-atheris/bin/python fuzz/fuzz.py --seconds $(SECONDS) --atheris $(or $(HARNESS),hcl)

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

rule: $(VENV)/.ready
	@$(BIN)/python tools/new_rule.py "$(ID)" "$(NAME)"

# What breaks the engine on purpose is in no other environment.
.venv-mutants/.ready: setup.cfg
	$(PYTHON) -m venv .venv-mutants
	.venv-mutants/bin/python -m pip install --quiet --editable ".[$(EXTRAS)]" "cosmic-ray>=8.4,<9"
	touch $@

mutants: .venv-mutants/.ready
	@.venv-mutants/bin/python tools/mutants.py $(MUTANTS)

# The documentation as a site, in site/.
docs: $(VENV)/.ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf .venv .venv-*
