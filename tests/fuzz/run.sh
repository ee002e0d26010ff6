#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# run.sh TARGET SEEDS NAME [RUNS]: a short run of one fuzz target, the same every time, from generated images. An input that
# fails is left in the current directory as NAME-crash-...
set -eu
target=$1 seeds=$2 name=$3
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
mkdir "$corpus/seeds" "$corpus/found"
"$seeds" "$name" "$corpus/seeds"
"$target" -runs="${FUZZ_RUNS:-${4:-20000}}" -seed=1 -max_len=16384 -timeout=10 -artifact_prefix="$name-" \
	-print_final_stats=1 "$corpus/found" "$corpus/seeds"
