# SPDX-License-Identifier: BSD-2-Clause
"""The steps of the demonstration in arrangement tee. Each returns one sentence on what was observed, or raises NotSeen.

What they believe is said in context.py; the secure log is OP-TEE's here, and TF-A writes to Linux's console before Linux does.
"""

import re
from dataclasses import dataclass

from context import STAMP, NotSeen, Watch

SERVICES = "/sys/bus/tee/devices"
# OP-TEE's messages: severity and who speaks (TC: the core, TA: a TA), a thread and a TA's name
OPTEE = r"[EWIDF]/T[AC]: (?:\? |\d+ )?"


@dataclass(kw_only=True)
class TeeContext(Watch):
    """What the steps of this arrangement share."""

    SECURE = OPTEE

    def services(self):
        """UUIDs of what Linux found on the TEE bus."""
        status, names = self.guest.run(f"ls {SERVICES}")
        if status:
            raise NotSeen(f"the guest has no {SERVICES}", "build/run/linux.log: optee, tee")
        return {name.removeprefix("optee-ta-") for name in names}


def context(**common):
    """The steps' context from what every arrangement has."""
    return TeeContext(**common)


def op_tee(c):
    """TF-A and OP-TEE are Debian's, Linux runs on them, and its driver has found what OP-TEE offers."""
    bl31 = c.qemu.linux.wait(r"^NOTICE:  BL31: (v\S+\(release\):.*)$", c.by(40))
    if not bl31:
        raise NotSeen("TF-A does not say that its BL31 runs", "build/run/linux.log: BL1, BL2")
    version = c.secure(r"OP-TEE version: (\S+) .*", 40, "OP-TEE starts").group(1)
    linux = c.linux(2)
    c.kernel(STAMP + r"optee: revision (\d+\.\d+)", 60, "it has found OP-TEE")
    c.kernel(STAMP + r"optee: initialized driver", 60, "its OP-TEE driver works")
    found = c.services()
    if not found:
        raise NotSeen("nothing is on the TEE bus", "build/run/linux.log: optee")
    return (f"TF-A {bl31.group(1)}, OP-TEE {version}; {linux}; its driver found {len(found)} service{'' if len(found) == 1 else 's'}")


def power_off(c):
    """Linux asks TF-A to switch the machine off."""
    c.mark()
    c.guest.type("poweroff -f")
    status = c.qemu.wait(c.by(30))
    if status != 0:
        told = "still runs" if status is None else f"ended with status {status}"
        raise NotSeen(f"QEMU {told}", "build/run/linux.log: reboot")
    panic = re.search(rf"^{OPTEE}.*[Pp]anic.*$", c.qemu.secure.since(0), re.MULTILINE)
    if panic:
        raise NotSeen(f"the secure log has: {panic.group(0)}", "build/run/secure.log")
    return "Linux asked TF-A to power the machine off; QEMU's exit status is 0; nothing in OP-TEE panicked"


STEPS = (
    ("op-tee", op_tee),
    ("power-off", power_off),
)
