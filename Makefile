# make           the C programs and the library: gcc and make, nothing else, in seconds; V=1 shows the commands
# make interop   every check for every peer, and the peers with each other; FULL=1 for every cell of every pair
#                TRACE=failures: each cell that failed has a picture of another run of it, in traces/
# make test      everything, under tox, one environment for each Python, as many at a time as there are cores
# make fuzz      random conversations in both languages; SECONDS=600 for longer than a minute
# make soak      good clients, hostile ones and restarts, every byte accounted for; SECONDS=600, plot in soak.svg
# make bench     what a frame, a round trip, a connection and a start cost, beside others; QUICK=yes for a minute
# make coverage  which lines and branches the tests reach, as docs/coverage.md: some minutes
# make valgrind  tests of the C programs, each behind valgrind: some minutes
# make lint      the static checks alone
# make docs      regenerates the pages that come from results: checks, first, lessons, questions, ledger, claims, faults,
#                hostile, map, clients, what is new
# make new-python PYTHON=python3.16   measures one more Python for ledger, map and clients; what it changes is a page
# make clean     removes everything that was built

PYTHON ?= python3
VENV = .venv
# One's own peer:          make interop PYTEST_FLAGS="--peer 'mine=node mine.js {role}'"
# Some peers only:         make interop PYTEST_FLAGS="--only c,py27"
PYTEST_FLAGS ?=
TOX_FLAGS ?=
# Checks wait for time limits: more of them than there are cores hide behind each other.
WORKERS = $$(( 2 * $$(nproc) ))

all:
	@$(MAKE) --no-print-directory -C c_ref

interop: all $(VENV)/ready
	@$(VENV)/bin/python -m pytest interop_tests/test_matrix.py -q -s -n $(WORKERS) --dist worksteal --pythons all \
		$(if $(filter-out 0 no,$(FULL)),--full) $(if $(filter failures,$(TRACE)),--traces traces) --results results.jsonl --report report.html --junit results.xml --markdown summary.md \
		$(PYTEST_FLAGS)

test: all $(VENV)/ready
	$(VENV)/bin/tox --parallel auto $(if $(MAKE_TERMOUT),,--parallel-no-spinner) $(TOX_FLAGS)

fuzz: all $(VENV)/fuzz
	@$(VENV)/bin/python -m interop_tests.fuzz --seconds $(or $(SECONDS),60)

# There are versions of Python without atheris: the other ways go on.
$(VENV)/fuzz: $(VENV)/ready
	@$(VENV)/bin/pip install --quiet atheris || true
	@touch $@

# A script of the name of each program, in a build of its own; 99 is an exit status that no test expects.
VALGRIND = valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite \
	--errors-for-leak-kinds=definite --child-silent-after-fork=yes
# Not those that measure memory, or count on a speed.
VALGRIND_TESTS = $(addprefix interop_tests/test_,client_trouble.py command.py conversation.py datagrams.py log.py \
	models.py server_trouble.py)

valgrind: all $(VENV)/ready
	@mkdir -p c_ref/build/valgrind/bin
	@for program in server client; do \
		printf '#!/bin/sh\nexec $(VALGRIND) c_ref/build/release/bin/%s "$$@"\n' $$program > c_ref/build/valgrind/bin/$$program; \
		chmod +x c_ref/build/valgrind/bin/$$program; \
	done
	C_BUILD=valgrind $(VENV)/bin/python -m pytest $(VALGRIND_TESTS) -q -n $(WORKERS) --only c $(PYTEST_FLAGS)

soak: all $(VENV)/soak
	@$(VENV)/bin/python -m interop_tests.soak --seconds $(or $(SECONDS),60) --plot soak.svg

$(VENV)/soak: $(VENV)/ready
	@$(VENV)/bin/pip install --quiet matplotlib
	@touch $@

bench: all $(VENV)/bench
	@$(VENV)/bin/python -m interop_tests.bench $(if $(filter-out 0 no,$(QUICK)),--quick) $(if $(filter-out 0 no,$(RECORD)),--record)

# There are versions of Python without uvloop: its row is left out.
$(VENV)/bench: $(VENV)/ready
	@$(VENV)/bin/pip install --quiet matplotlib twisted
	@$(VENV)/bin/pip install --quiet uvloop || true
	@touch $@

coverage: all $(VENV)/ready
	$(VENV)/bin/tox run -e coverage

lint: all $(VENV)/ready
	$(VENV)/bin/tox run -e lint

$(VENV)/ready: interop_tests/requirements.txt interop_tests/requirements-each.txt
	@echo "making $(VENV), with what the suite needs"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --requirement interop_tests/requirements.txt \
		tox==4.5.1.1 virtualenv==20.21.1
	@touch $@

new-python: all
	@test "$(origin PYTHON)" = 'command line' || { echo 'say which: make new-python PYTHON=python3.16' >&2; exit 2; }
	python3 -m pyside.ledger add $(PYTHON)
	python3 -m pyside.calls.callmap add $(PYTHON)
	python3 -m interop_tests.recorder add $(PYTHON)
	@$(MAKE) --no-print-directory docs PYTHON=python3

docs:
	$(PYTHON) -m interop_tests.checks
	$(PYTHON) -m interop_tests.first
	$(PYTHON) -m interop_tests.lessons
	$(PYTHON) -m interop_tests.questions
	$(PYTHON) -m pyside.ledger pages
	$(PYTHON) -m interop_tests.claims
	$(PYTHON) -m interop_tests.faults
	$(PYTHON) -m interop_tests.hostile
	$(PYTHON) -m pyside.calls.callmap pages
	$(PYTHON) -m interop_tests.recorder clients
	$(PYTHON) -m interop_tests.newer

clean:
	$(MAKE) --no-print-directory -C c_ref clean
	rm -rf $(VENV) .tox .pytest_cache .hypothesis .ruff_cache results.jsonl report.html results.xml summary.md soak.svg
	find . -name __pycache__ -prune -exec rm -rf {} +
	find . -name '*.pyc' -delete

.PHONY: bench soak all interop test fuzz valgrind coverage lint new-python docs clean
