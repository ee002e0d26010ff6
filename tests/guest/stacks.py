# SPDX-License-Identifier: BSD-2-Clause
"""How deep the firmware's stacks were, read from outside when the machine has stopped.

Secure RAM is zero when the machine is switched on, and nobody clears the stacks: the lowest word that is not zero is how far
down one ever was. QEMU shows secure RAM through a CPU that stands still at EL3, as CPU 0 does after the host has switched the
machine off.
"""

import os
import subprocess

from host_program import Trouble
from paths import BUILD

_WORDS = 256			# per command


def _symbols(name):
    path = os.path.join(BUILD, "firmware", "boards", "virt", name, f"{name}.elf")
    done = subprocess.run(["aarch64-linux-gnu-nm", path], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(done.stderr.strip())
    rows = [line.split() for line in done.stdout.splitlines()]
    return {row[-1]: int(row[0], 16) for row in rows if len(row) == 3}


def _words(monitor, address, count):
    """64-bit words in CPU 0's address space."""
    text = monitor.execute("human-monitor-command", **{"command-line": f"x /{count}gx {address:#x}", "cpu-index": 0})
    words = [int(word, 16) for line in text.splitlines() for word in line.partition(":")[2].split()]
    if len(words) != count:
        raise Trouble(f"QEMU does not show the stack at {address:#x}: {text.strip()}")
    return words


def _depth(monitor, low, high):
    """Bytes of the stack from @low to @high, which grows down, that were ever used."""
    for at in range(low, high, 8 * _WORDS):
        for number, word in enumerate(_words(monitor, at, _WORDS)):
            if word:
                return high - at - 8 * number
    return 0


def measure(monitor):
    """{kind of stack: (bytes used at most, bytes there are)}; each kind has a guard page below every stack."""
    mon, service = _symbols("monitor"), _symbols("service")
    cpus = (mon["mon_stacks_end"] - mon["mon_stacks"]) // 8192
    kinds = {"monitor": (mon["mon_stacks"], mon["mon_stacks_end"], 8192, 4096),
             "service-cpu": (service["service_cpu_stacks"], service["service_thread_stacks"], None, 4096),
             "service-request": (service["service_thread_stacks"], service["service_stacks_end"], 20480, 4096)}
    depths = {}
    for kind, (begin, end, stride, guard) in kinds.items():
        stride = stride or (end - begin) // cpus
        used = [_depth(monitor, at + guard, at + stride) for at in range(begin, end, stride)]
        depths[kind] = (max(used), stride - guard)
    return depths
