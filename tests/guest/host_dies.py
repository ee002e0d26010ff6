# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios: Linux is replaced by another one (kexec), panics or is reset while remote processors start, run and stop.

A kernel started by kexec knows nothing of the one before it, and the firmware is told nothing either: what the old one left
behind, the new one's own first calls must clear up. Whatever happened, nothing of it is left in the service's ledgers.
"""

import functools
import os

import bench
import images
import steps
from guest import CDSP, REMOTEPROC
from inside import Inside
from options import GUEST
from paths import BUILD, built
from steps import STAMP, NotSeen

import modules

DIRECTORY = os.path.join(BUILD, "host-dies")
LARGE = "adsp-large.mbn"
FILES = ("Image", "host.dtb", "initrd")
LOAD = "chmod +x /root/kexec && /root/kexec " + " ".join(f"/root/{name}" for name in FILES)
GO = "/root/kexec"
PANIC = "echo c >/proc/sysrq-trigger"
BOOTS = r"^\[ +0\.000000\] Booting Linux"
LEDGERS = ("cores", "memory", "streams", "sharing")


def second_host(options, platform):
    """What the guest needs to start another Linux: [(path in the guest, contents)]."""
    files = bench.machine.prepare(options, platform, os.path.join(DIRECTORY, "second"))
    paths = {f"root/{name}": files[name] for name in FILES}
    return [(name, modules.read_file(path)) for name, path in {**paths, GO[1:]: built("kexec")}.items()]


def _ledgers(c):
    """The service's ledgers, with nothing under way."""
    _, parts, free = Inside(c.qemu.monitor, c.options.cpus - 1).ledgers()
    if not free:
        raise NotSeen("a gate is not free although nobody calls", "a request that never ended")
    # under a hypervisor that one has the number of bridges that there ever were: they are the hypervisor's, one for each call
    counts = ("sharing",) if c.options.arrangement == GUEST else ()
    return {name: parts[name] for name in LEDGERS if name not in counts}


def _nothing_left(c):
    """With both stopped the ledgers are as they were before anything had happened; then both run again."""
    for remoteproc in (REMOTEPROC, CDSP):
        c.guest.write(f"{remoteproc}/state", "stop")
        c.state("offline", 20, remoteproc)
    now = _ledgers(c)
    before = c.notes.setdefault("ledgers", now)
    if now != before:
        raise NotSeen(f"the ledgers are {now}; they were {before}", "a leak in the service")
    c.mark()
    for remoteproc in (REMOTEPROC, CDSP):
        c.guest.write(f"{remoteproc}/state", "start")
    c.kernel(steps.CDSP_UP, 20, "cdsp is up")
    return f"adsp's {c.up()}, cdsp's {c.beats(c.cdsp_heart)}; ledgers as at first"


def comes_up(c):
    """The first kernel, and what the others are compared with."""
    told = bench.come_up(c)
    return f"{told}; {_nothing_left(c)}"


def _first_kernel(c):
    """The kernel that QEMU loads runs: only it can start another one."""
    if c.notes.pop("second", False):
        _power_cut(c)
        bench.come_up(c)
    c.running()


def _power_cut(c):
    """The machine's reset button."""
    c.mark()
    c.qemu.monitor.execute("system_reset")
    _boots(c)


def _boots(c):
    """Linux begins; what was said before it no longer counts, but what the firmware said of its own start does."""
    found = c.kernel(BOOTS, 90, "it boots")
    c.linux_from += found.start()


# what the first Linux is doing when it dies

def stopped(c):
    """Both remote processors are stopped."""
    for remoteproc in (REMOTEPROC, CDSP):
        c.guest.write(f"{remoteproc}/state", "stop")
        c.state("offline", 20, remoteproc)


def running(c):
    """Both run."""
    c.beats()
    c.beats(c.cdsp_heart)


def crashed(c):
    """adsp has crashed, and the driver was told to leave it so."""
    c.guest.write(f"{REMOTEPROC}/recovery", "disabled")
    c.request("PIL_CTRL_FATAL")
    c.state("crashed", 20)


def starting(c):
    """A large image is being verified."""
    c.offline()
    c.guest.write(f"{REMOTEPROC}/firmware", LARGE)
    c.guest.run(f"(echo start >{REMOTEPROC}/state) & :")
    c.secure(r"adsp: MEM_SETUP accepted: .*", 60, "it took the large image")


def stopping(c):
    """The driver waits for a program that does not stop."""
    c.request("PIL_CTRL_IGNORE_STOP")
    c.secure(r"shim: core 0: program: will ignore the request to stop", 20, "the program heard")
    c.guest.run(f"(echo stop >{REMOTEPROC}/state) & :")


def _not_faulted(c, secure, linux, doing):
    """While the SMMU changed hands cores waited and their DMA master rested: nobody was crashed, and the SMMU refused nothing."""
    c.nobody_faulted(secure, linux)
    if doing is not running or c.options.arrangement == GUEST:
        return "no core was crashed, no event of the SMMU"
    for line in (bench.WAITS.format(core=0), bench.WAITS.format(core=1), bench.RESTS):
        if not c.qemu.secure.find(STAMP + line, secure):
            raise NotSeen(f"not in the secure log: {line}", "build/host-dies/secure.log")
    return "cores waited, the DMA master rested; no event of the SMMU"


def kexec(c, doing):
    """Another Linux in the place of the first, which was @doing something."""
    _first_kernel(c)
    status, said = c.guest.run(LOAD, 120)
    if status:
        raise NotSeen(f"the second kernel was not loaded: {said}", "tests/guest/kexec")
    c.mark()
    doing(c)
    secure, linux = c.qemu.secure.position(), c.qemu.linux.position()
    c.guest.type(GO)
    c.kernel(STAMP + r"kexec_core: Starting new kernel$", 60, "it starts another kernel")
    c.notes["second"] = True
    c.secure_from = c.qemu.secure.position()
    _boots(c)
    told = [c.linux(2)]
    if c.qemu.secure.find("monitor: up on ", secure):
        raise NotSeen("the firmware started anew: that was a reset and no kexec", "build/host-dies/secure.log")
    told += [step(c) for step in (steps.adsp_authenticated, steps.adsp_running, steps.cdsp_running)]
    told.append(_not_faulted(c, secure, linux, doing))
    return f"{'; '.join(told)}; {_nothing_left(c)}"


def _restarted(c):
    """Firmware and Linux have started anew, and everything comes up."""
    return f"{bench.come_up(c)}; {_nothing_left(c)}"


def panic(c, doing):
    """Linux panics and asks for a reset at once."""
    _first_kernel(c)
    doing(c)
    c.mark()
    c.guest.type(PANIC)
    c.secure("monitor: the host resets the system", 60, "the host asked for a reset")
    _boots(c)
    return _restarted(c)


def power_cut(c, doing):
    """The machine is reset from outside: nobody is asked."""
    _first_kernel(c)
    doing(c)
    _power_cut(c)
    return _restarted(c)


SHORT = ((kexec, running), (panic, starting))
LONG = ((kexec, stopped), (kexec, crashed), (kexec, starting), (kexec, stopping), (panic, running), (panic, crashed),
        (panic, stopping), (power_cut, running), (power_cut, starting), (power_cut, stopping))


def tests(tap, options, only, everything, seconds):
    """All of them in one machine of their own, or those whose names contain @only."""
    ways = SHORT + (LONG if everything else ())
    chosen = [(f"host_dies_by_{way.__name__}_while_remote_is_{doing.__name__}", functools.partial(way, doing=doing))
              for way, doing in ways]
    chosen = [(name, function) for name, function in chosen if only in name]
    if not chosen:
        return
    platform = bench.constants.platform()
    os.makedirs(DIRECTORY, exist_ok=True)
    large = os.path.join(DIRECTORY, LARGE)
    images.make(platform)
    images.sign(built("adsp-large.elf"), large, images.genuine_keys(), platform["VIRT_ADSP_SW_ID"])
    qemu, c = bench.boot(options, [large], seconds, directory=DIRECTORY, more_files=second_host(options, platform))
    with qemu:
        if not tap.test("machine_whose_host_will_die_comes_up", comes_up, c):
            return
        for name, function in chosen:
            tap.test(name, function, c)
