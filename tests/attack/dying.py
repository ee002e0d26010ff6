#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A host that dies in the middle of everything, against the real firmware; prints TAP.

The program of tests/attack/dying works, and at a chosen instruction of monitor or service the machine is reset from outside; or it
brings a peripheral to a phase and then resets the machine, switches off all of its CPUs, or is replaced by another host. After
each reset, before the first instruction of the host, the service's memory must be what it was at the first start, to the
last byte, and nothing may be left in the copies of what ran. Then a good host must be served: the version before the one that
was counted is refused, the next is accepted, runs, is stopped and counted.
"""

import argparse
import os
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "guest"))

from host_program import HostProgram, Trouble, built, constants	# noqa: E402: only now is it importable
from gdb import Gdb						# noqa: E402
from inside import Inside, symbols				# noqa: E402
from tap import Skipped, Tap					# noqa: E402
import modules							# noqa: E402

BOOT_LIMIT = 120.0		# seconds for everything up to a good host
LOCKED = 0x1			# PIL_CAP_LOCKED_CPU
COPY_LOOK = 0x4000		# bytes of a copy: as long as the image
WORK_LIMIT = 120.0		# until the host's work comes to an instruction
BROKEN = r"service: fault|unexpected exception|halting|cannot start"

COPYING = "pil_copy_in_"	# by its address only AUTH calls it, where the board has copies

# where the host is when the machine is reset: (firmware, function, at which visit, instructions after that)
SHORT_POINTS = (
    ("service", "pil_metadata_read_", 1, 3000),		# INIT_IMAGE has read a part of the metadata
    ("service", "pil_auth_segment", 1, 0),		# the copy is made
    ("service", "flash_program", 1, 90),		# a part of a rollback counter is written
    ("service", "pil_wipe_", 1, 400),			# SHUTDOWN scrubs
    ("service", "service_thread_suspended", 1, 0),
)
LONG_POINTS = (
    ("service", "pil_pas_get_rsc_table", 1, 0),
    ("service", "pil_metadata_read_", 1, 200),
    ("service", COPYING, 2, 100),
    ("service", "pil_pas_mem_setup", 1, 0),
    ("service", "pil_authenticate_", 1, 0),
    ("service", "pil_auth_chain", 1, 0),
    ("service", "pil_auth_signature", 1, 2000),
    ("service", "service_thread_resume", 1, 0),
    ("service", "pil_auth_segment", 3, 0),
    ("service", "core_start", 1, 0),
    ("monitor", "mon_core_start", 1, 0),
    ("monitor", "mon_release", 1, 0),
    ("service", "pil_pas_shutdown", 1, 0),
    ("service", "pil_counters_advance", 1, 0),
    ("service", "flash_program", 1, 20),
    ("service", "flash_program", 1, 50),
    ("service", "flash_program", 1, 140),
    ("service", "pil_clean_", 1, 0),
    ("monitor", "mon_core_stop", 2, 0),
    ("service", "pil_wipe_", 2, 4000),
    ("service", "pil_pas_bridge_enable", 1, 0),
    ("service", "pil_pas_bridge_create", 1, 60),
    ("service", "pil_pas_bridge_delete", 1, 0),
)
SHORT_PHASES = ("AUTH_SUSPENDED", "RUNNING")


class Dying:
    """The machine, and who looks at it."""

    def __init__(self, program, qemu, gdb):
        self._qemu, self._gdb = qemu, gdb
        self._numbers = constants.read_header(os.path.join(TOP, "tests", "attack", "dying", "orders.h"))
        self._platform = program.platform
        self._last = program.options.cpus - 1
        self._inside = Inside(qemu.monitor, self._last)
        self._symbols = {name: symbols(modules.read_file(built(f"{name}.elf"))) for name in ("monitor", "service")}
        self._first = self._idle = None
        self._seen = 0
        self._boots = 0
        self.phases = [name.removeprefix("DYING_PHASE_") for name in self._numbers if name.startswith("DYING_PHASE_")]

    def _wait_stopped(self, address, seconds, what):
        cpu = self._gdb.stopped(seconds)
        if cpu is None:
            self._gdb.interrupt()
            raise Trouble(f"nobody came to {what} within {seconds:.0f} s: {self._qemu.linux.tail(3)}")
        self._gdb.remove(address)
        return cpu

    def _fresh(self):
        """The service's data before the first call, all but what it has read of the rollback counters."""
        start, end = (self._symbols["service"][f"service_{name}"][0] for name in ("data_start", "bss_end"))
        data = bytearray(self._qemu.monitor.save(start, end - start, self._last))
        counters, size = self._symbols["service"]["counters"]	# read from flash when the service starts
        data[counters - start:counters - start + size] = bytes(size)
        self._first = self._first or data
        if data != self._first:
            at = next(i for i, pair in enumerate(zip(data, self._first)) if pair[0] != pair[1])
            raise Trouble(f"the service's memory at {start + at:#x} is {data[at:at + 16].hex()} after the reset; at first it was "
                          f"{self._first[at:at + 16].hex()}")
        return len(data)

    def _nothing_left(self, cpu):
        """What ran is gone, as the service sees it."""
        base, size = self._platform["VIRT_COPIES"], self._platform["VIRT_COPIES_SIZE"]
        data = self._qemu.monitor.save(base, size, cpu)
        left = len(data) - len(data.lstrip(b"\0"))
        if left != size:
            raise Trouble(f"at {base + left:#x} there is {data[left:left + 16].hex()} of what ran before the reset")
        return size

    def boot(self):
        """From the reset to a good host that is served; ends with the machine stopped. A sentence on what was seen."""
        host, secure = self._qemu.linux.position(), self._qemu.secure.position()
        first, call = self._platform["VIRT_KERNEL"], self._symbols["service"]["service_call"][0]
        self._gdb.insert(first)
        self._gdb.go()
        self._wait_stopped(first, BOOT_LIMIT, "the host")
        fresh = self._fresh()
        self._gdb.insert(call)
        self._gdb.go()
        gone = self._nothing_left(self._wait_stopped(call, BOOT_LIMIT, "the service's first call"))
        self._gdb.go()
        found = self._qemu.linux.wait(r"^(no )?good host (\d+)$", time.monotonic() + BOOT_LIMIT, host)
        self._gdb.interrupt()
        if not found or found.group(1) or int(found.group(2)) != self._boots:
            raise Trouble(f"boot {self._boots}: {self._qemu.linux.since(host).splitlines()[-3:]}")
        broken = self._qemu.secure.find(BROKEN, secure)
        if broken:
            raise Trouble(f"the secure log says: {broken.group(0)}")
        self._boots += 1
        self._idle = self._idle or self._ledgers()
        return (f"{fresh} bytes of the service's memory as at the first start, {gone} bytes of copies are zero; version "
                f"{self._boots - 1} was accepted and counted, the one before refused")

    def _ledgers(self):
        """The service's, with nothing under way."""
        _, parts, free = self._inside.ledgers()
        if not free:
            raise Trouble("a gate is not free although nobody calls")
        return {name: parts[name] for name in ("cores", "memory", "streams")}

    def _locks(self):
        """Does the board run copies? It says so when it starts."""
        said = self._qemu.secure.find(r"service: adsp: CAPABILITIES (0x[0-9a-f]+)")
        return bool(said) and bool(int(said.group(1), 16) & LOCKED)

    def _copy_bytes(self, cpu):
        """How many bytes of what runs, a copy where the board can lock it, are not zero, as a CPU in the service sees it."""
        where = self._platform["VIRT_ADSP_COPY" if self._locks() else "VIRT_ADSP_MEM"]
        return len(self._qemu.monitor.save(where, COPY_LOOK, cpu).replace(b"\0", b""))

    def _order(self, way, phase=0):
        """Tell the host, which is stopped."""
        self._gdb.write64(0, self._numbers["DYING_ORDER"], phase | self._numbers[f"DYING_WAY_{way}"] << 8)

    def _says(self, pattern, start):
        if not self._qemu.linux.wait(pattern, time.monotonic() + WORK_LIMIT, start):
            raise Trouble(f"the host does not say {pattern!r}: {self._qemu.linux.since(start).splitlines()[-3:]}")

    def point(self, firmware, function, visit, instructions):
        """The machine is reset at an instruction of the firmware."""
        if function == COPYING and not self._locks():
            raise Skipped("nothing is copied: CAPABILITIES has no LOCKED_CPU")
        address = self._symbols[firmware][function][0]
        self._order("WORK")
        self._gdb.insert(address)
        self._gdb.go()
        cpu = self._gdb.stopped(WORK_LIMIT)
        for _ in range(visit - 1):
            if cpu is not None:
                cpu = self._gdb.pass_by(address, cpu, WORK_LIMIT)
        if cpu is None:
            self._gdb.interrupt()
            raise Trouble(f"the host's work does not lead to {function}: {self._qemu.linux.tail(3)}")
        self._gdb.remove(address)
        self._gdb.step(cpu, instructions)
        if firmware == "service":
            self._seen = max(self._seen, self._copy_bytes(cpu))
        self._qemu.monitor.execute("system_reset")
        return f"reset while CPU {cpu} was {instructions} instructions behind visit {visit} of {function}; {self.boot()}"

    def reset(self, phase):
        """The host resets the machine."""
        host = self._qemu.linux.position()
        self._order("RESET", phase)
        first = self._platform["VIRT_KERNEL"]
        self._gdb.insert(first)
        self._gdb.go()
        self._says(r"^dies$", host)
        self._wait_stopped(first, BOOT_LIMIT, "the host's new start")
        self._qemu.monitor.execute("system_reset")	# boot() wants to see the start itself; nothing has run yet
        return f"it asked for a reset; {self.boot()}"

    def off(self, phase):
        """The host switches off all of its CPUs; somebody presses the button."""
        host = self._qemu.linux.position()
        self._order("OFF", phase)
        self._gdb.go()
        self._says(r"^dies$", host)
        time.sleep(0.5)
        self._gdb.interrupt()
        self._qemu.monitor.execute("system_reset")
        return f"no CPU of it ran any more; {self.boot()}"

    def other(self, phase):
        """Another host begins, without any reset."""
        host = self._qemu.linux.position()
        self._order("OTHER", phase)
        self._gdb.go()
        self._says(r"^another host is well$", host)
        self._gdb.interrupt()
        now = self._ledgers()
        if now != self._idle:
            raise Trouble(f"with everything stopped the ledgers are {now}; in the beginning they were {self._idle}")
        return "it asked for the resource table, loaded, ran and stopped the program; then no core and no memory was anybody's"

    def end(self):
        """The host ends by itself."""
        self._order("END")
        self._gdb.go()
        if self._qemu.wait(time.monotonic() + WORK_LIMIT) != 0 or not self._qemu.linux.find(r"^dying: done$"):
            raise Trouble(f"it does not end: {self._qemu.linux.tail(3)}")
        if not self._seen:
            raise Trouble("no reset came while there was anything to be left: that nothing was left means nothing")
        return f"{self._boots} starts in one machine; up to {self._seen} bytes of what ran were not zero just before a reset"


def tests(everything):
    """(name, method of Dying, arguments), in the order in which they share one machine."""
    points = SHORT_POINTS + (LONG_POINTS if everything else ())
    listed = []
    for firmware, function, visit, instructions in points:
        after = f"_and_{instructions}" if instructions else ""
        listed.append((f"reset_at_{function.rstrip('_')}_{visit}{after}", Dying.point, (firmware, function, visit, instructions)))
    return listed


def run(tap, dying, everything):
    """All of them."""
    if not tap.test("good_host_is_served", dying.boot):
        return
    for name, method, arguments in tests(everything):
        if not tap.test(name, method, dying, *arguments):
            return		# where the machine stands now is not known
    for number, phase in enumerate(dying.phases):
        if everything or phase in SHORT_PHASES:
            for word, method in (("asks_for_a_reset", dying.reset), ("switches_its_cpus_off", dying.off)):
                if not tap.test(f"host_{word}_in_{phase.lower()}", method, number):
                    return
    for number, phase in enumerate(dying.phases):	# bridges come last: they stay until the next reset
        if not tap.test(f"another_host_begins_after_{phase.lower()}", dying.other, number):
            return
    tap.test("host_ends_by_itself", dying.end)


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every instruction and phase on the list, not only some")
    everything = parser.parse_args().all
    tap = Tap()
    try:
        program = HostProgram("dying", "attack/dying_archive", [built("program.bin")])
        with tempfile.TemporaryDirectory(prefix="pilot-") as directory:
            path = os.path.join(directory, "gdb")
            with program.boot(["-S", "-gdb", f"unix:{path},server=on,wait=off"], resets=True) as qemu:
                gdb = Gdb(path)
                run(tap, Dying(program, qemu, gdb), everything)
                gdb.close()
    except Trouble as error:
        print(f"Bail out! {error}")
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
