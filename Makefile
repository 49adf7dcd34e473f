# `make verify` checks everything and writes to no tracked file; `make fix` repairs what it can.
# Nothing is needed but the Swift toolchain, make, sh and awk. Results go to .build.

SWIFT ?= swift
# How long `make soak` goes on.
SOAK_MINUTES ?= 60
JOBS ?= $(shell getconf _NPROCESSORS_ONLN)
SWIFT_SOURCES := Package.swift Sources Tests Mutants Pages Examples
MUTANTS = $(SWIFT) run --package-path Mutants --scratch-path .build/mutants-tool mutants

.PHONY: help verify lint manifest scripts links build test crash-suite examples outside docs rocksdb simulate soak mutants mutants-check bench-smoke bench-check bench-costs bench bench-curves fix demo rehearse chaos clean
.NOTPARALLEL:

help:
	@echo "make verify    everything below that checks; writes to no tracked file"
	@echo "  make lint      the layout of the Swift sources"
	@echo "  make manifest  no pinned dependencies"
	@echo "  make scripts   the syntax of the shell scripts"
	@echo "  make links     files, headings and paths that the documents name"
	@echo "  make build     everything, warnings being errors"
	@echo "  make test      all tests: swift test"
	@echo "  make examples  the programs in the documents compile, and the first one runs"
	@echo "  make outside   a package outside of this one passes the suites and runs a cluster"
	@echo "  make docs      the documentation, warnings being errors: .build/docs/static/index.html"
	@echo "  make simulate  fixed seeds of simulated clusters, in a release build"
	@echo "  make mutants-check  every known bug has its place in the sources, and its row"
	@echo "  make bench-smoke  the benchmark runs, in small"
	@echo "make bench     what a write costs: the whole table, with both executors"
	@echo "make bench-curves  what it costs as members, commands, logs and delays grow"
	@echo "make bench-check  instructions, allocations and memory of fixed workloads; installs valgrind"
	@echo "make bench-costs  write the table anew that bench-check compares with: .ci/bench-costs"
	@echo "make crash-suite  the file store, crashed before each file operation, in every manner"
	@echo "make rocksdb   the stores in RocksDB, with the package trait; installs librocksdb"
	@echo "make soak      new seeds of simulated clusters for SOAK_MINUTES (60)"
	@echo "make mutants   do the simulator's checkers find known bugs? takes many minutes"
	@echo "make fix       lay out the Swift sources anew"
	@echo "make demo      a cluster that loses its leader and no data: swift run raft-kv demo"
	@echo "make rehearse  a sharded store under 20 runs of troubles: swift run sensor-fleet verify"
	@echo "make chaos     50 rounds of real servers under faults, and 60 flipped bits: raft-chaos"
	@echo "make clean     remove everything that was built"

verify: lint manifest scripts links build test examples outside docs simulate mutants-check bench-smoke
	@echo "verified"

lint:
	@.ci/timed lint $(SWIFT) format lint --recursive --strict --parallel $(SWIFT_SOURCES)

manifest:
	@.ci/timed manifest .ci/check-manifest

scripts:
	@.ci/timed scripts .ci/check-scripts

links:
	@.ci/timed links .ci/check-links

build:
	@.ci/timed build $(SWIFT) build --build-tests

test:
	@.ci/timed test $(SWIFT) test

crash-suite:
	@.ci/timed crash-suite .ci/crash-suite

examples:
	@.ci/timed examples .ci/check-examples

outside:
	@.ci/timed outside .ci/check-outside-package

docs:
	@.ci/timed docs .ci/build-docs

rocksdb:
	@.ci/timed rocksdb .ci/check-rocksdb

simulate:
	@.ci/timed simulate .ci/simulate $(JOBS)

soak:
	$(SWIFT) build -c release --product raft-sim
	.build/release/raft-sim soak --minutes $(SOAK_MINUTES) --jobs $(JOBS) $(if $(FIRST),--first $(FIRST))

mutants:
	@.ci/timed mutants $(MUTANTS)

mutants-check:
	@.ci/timed mutants-check $(MUTANTS) --check

bench-smoke:
	@.ci/timed bench-smoke .ci/check-bench

bench-check:
	@.ci/timed bench-check .ci/check-bench-costs

bench-costs:
	@.ci/timed bench-costs .ci/check-bench-costs --renew

bench-curves:
	$(SWIFT) build -c release --product raft-bench
	.build/release/raft-bench curves --plot .build/curves.svg

bench:
	$(SWIFT) build -c release --product raft-bench
	.build/release/raft-bench in-process --sweep --plot .build/bench.svg

fix:
	$(SWIFT) format format --in-place --recursive --parallel $(SWIFT_SOURCES)

demo:
	$(SWIFT) run raft-kv demo

rehearse:
	$(SWIFT) run sensor-fleet verify --runs 20

chaos:
	$(SWIFT) build -c release --product raft-kv
	$(SWIFT) build -c release --product raft-faults
	$(SWIFT) build -c release --product raft-chaos
	.build/release/raft-chaos run --rounds 50
	.build/release/raft-chaos flips --count 60

clean:
	$(SWIFT) package clean
