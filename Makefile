# SPDX-License-Identifier: BSD-2-Clause
# The verbs. Scripts and meson do the work; everything that they make lands below build/ and in the download cache.
.DEFAULT_GOAL := help
.PHONY: help setup build run shell test test-all attack corpus proof bench install deb update lint format clean

# Where make install puts things.
export PREFIX DESTDIR

# Options of run, shell, test and attack; empty means the default that the verb prints.
export QEMU CPU SMP MEMORY KERNEL ARRANGEMENT BOOT_IMAGE PILOT_CACHE PILOT_MIRROR FUZZ_RUNS FUZZ_SECONDS MUTATIONS

# What OP-TEE is built with, where it is wanted.
TEE = $(filter tee,$(ARRANGEMENT))
test test-all: TEE = tee deb
# What looks at the tool's pages.
test test-all: BROWSER = browser

help:
	@cat scripts/verbs.txt

setup:
	@scripts/setup/packages.sh $(TEE) $(BROWSER)
	@scripts/setup/parts.py

build: setup
	@scripts/build.sh

run: build
	@boards/virt/run/main.py run

shell: build
	@boards/virt/run/main.py shell

test: setup
	@scripts/test.sh

test-all: setup
	@scripts/test_all.sh

attack: setup
	@scripts/attack.sh

proof:
	@scripts/setup/packages.sh
	@scripts/setup/tools.py cbmc
	@tests/proof/run.py

# Without qtestsign (no network) the comparison with it is reported as skipped.
bench: build
	@scripts/setup/tools.py qtestsign || true
	@bench/main.py

corpus: build
	@tests/corpus/trees.py; trees=$$?; tests/corpus/main.py && exit $$trees

install: setup
	@scripts/install.sh

deb:
	@scripts/setup/packages.sh deb
	@scripts/setup/parts.py
	@scripts/deb.sh

update:
	@scripts/setup/packages.sh
	@scripts/setup/parts.py --update

lint:
	@scripts/lint.sh

format:
	@scripts/format.sh

clean:
	@rm -rf build
