#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
import sys
from host_program import HostProgram
p = HostProgram("cost", "guest/cost/cost_archive")
host, secure, trouble = p.run(600, ("-icount", "shift=0,sleep=off"))
print(host[-4000:], trouble)
