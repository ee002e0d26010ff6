#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Lay the C sources out with clang-format.
set -euo pipefail
cd "$(dirname "$0")/.."

# The list of reasons is a table of X() lines that clang-format would break; linux/ is in the kernel's style.
git ls-files '*.c' '*.h' ':!linux' | grep -vx include/pilot/reasons.h | xargs -r clang-format -i
