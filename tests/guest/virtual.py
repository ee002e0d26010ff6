# SPDX-License-Identifier: BSD-2-Clause
"""Scenario: Linux, which is at EL2 for the sake of its own guests, runs one beside two running remote cores."""

import time

from paths import built
from steps import NotSeen

import modules

PROGRAM = "root/kvm"
ROUNDS = 3000
EXITS = "/sys/kernel/debug/kvm/mmio_exit_user"
WORDS_PER_LOOK = 3


def files():
    """What the guest needs: [(path in the guest, contents)]."""
    return [(PROGRAM, modules.read_file(built("kvm")))]


def _exits(c):
    """Words that virtual machines have reported, as the kernel counts them; 0 when there is no machine."""
    return int(c.guest.read(EXITS, r"\d+"))


def _more_exits(c, than):
    until = c.by(60)
    while time.monotonic() < until:
        now = _exits(c)
        if now > than + WORDS_PER_LOOK:
            return now
        time.sleep(0.05)
    raise NotSeen(f"the virtual machine does not go on: {than} exits", "build/guest/linux.log")


def beside_running_cores(c):
    """The machine runs while both hearts beat, and both go on after it has switched itself off."""
    c.running()
    c.guest.run(f"chmod +x /{PROGRAM}")
    c.guest.run(f"/{PROGRAM} {ROUNDS} >/tmp/kvm 2>&1 & echo $! >/tmp/kvm.pid")
    first = _more_exits(c, 0)
    beats = f"adsp's {c.beats()}, cdsp's {c.beats(c.cdsp_heart)}"
    later = _more_exits(c, first)
    ended = c.guest.run("wait $(cat /tmp/kvm.pid)", 300)
    told = c.guest.run("cat /tmp/kvm")
    if ended[0] or told[1] != ["kvm: every word was right, and the machine switched itself off"]:
        raise NotSeen(f"the program ended with {ended[0]}: {told[1]}", "the kernel's KVM")
    c.counts([(c.kernel_count, r"remoteproc remoteproc\d: ", 0), (c.secure_count, r"shim: core \d: ", 0)], 1)
    return f"the machine had made {first}, then {later} exits of its {ROUNDS + 1} while {beats}; after it: adsp's {c.beats()}, " \
           f"cdsp's {c.beats(c.cdsp_heart)}"
