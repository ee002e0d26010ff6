#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# run.sh TARGET SEEDS NAME [RUNS]: a short run of one fuzz target, the same every time, from generated images. An input that
# fails is left in the current directory as NAME-crash-...
# FUZZ_RUNS in the environment is another number of runs; FUZZ_SECONDS a time instead of a number.
# libFuzzer's own exit status for a finding is 77, which meson would take for a skipped test: it is set to 1.
set -eu
target=$1 seeds=$2 name=$3
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
mkdir "$corpus/seeds" "$corpus/found"
"$seeds" "$name" "$corpus/seeds"
runs=${FUZZ_RUNS:-${4:-20000}}
[ -z "${FUZZ_SECONDS:-}" ] || runs=-1
"$target" -runs="$runs" -max_total_time="${FUZZ_SECONDS:-0}" -seed=1 -max_len=16384 -timeout=10 -artifact_prefix="$name-" \
	-error_exitcode=1 -timeout_exitcode=1 \
	-print_final_stats=1 "$corpus/found" "$corpus/seeds"
