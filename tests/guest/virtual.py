# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios: Linux, which is at EL2 for the sake of its own guests, runs some beside two running remote cores."""

import os
import subprocess
import time

import bench
import cpus
from paths import TOP, Trouble, built
from steps import NotSeen

import modules

DIRECTORY = os.path.join(bench.BUILD, "virtual")
ENOUGH, STATUS, PRINTED = "/tmp/kvm.enough", "/tmp/kvm.status", "/tmp/kvm"
NEVER = "/tmp/kvm.never"
PROGRAM, IMAGE, TREE = "root/kvm", "root/Image", "root/machine.dtb"
ROUNDS = 300
EXITS = "/sys/kernel/debug/kvm/mmio_exit_user"
BOOTED = (r"Booting Linux on physical CPU 0x0", r"Linux version {version} ", r"Kernel panic - not syncing: VFS: Unable to mount root fs")


def _files(options):
    """What the guest needs: [(path in the guest, contents)]. The other Linux is the same one."""
    source = os.path.join(TOP, "tests", "guest", "kvm", "machine.dts")
    done = subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", source], capture_output=True, check=False)
    if done.returncode:
        raise Trouble(f"{source}: {done.stderr.decode().strip()}")
    return [(PROGRAM, modules.read_file(built("kvm"))), (IMAGE, options.image), (TREE, done.stdout)]


def _printed(c):
    """The program's lines; what looks like the kernel's own line would be taken for one."""
    return c.guest.run(f"tr '[' '<' <{PRINTED}", 30)[1]


def _exits(c):
    """Accesses of virtual machines that user space has answered, as the kernel counts them over all machines that exist."""
    return int(c.guest.read(EXITS, r"\d+"))


def _more_exits(c, than):
    """How many there are, once there are more than @than."""
    until, now = c.by(120), 0
    while time.monotonic() < until:
        now = _exits(c)
        if now > than:
            return now
        time.sleep(0.05)
    alive, _ = c.guest.run(f"test -e {STATUS}")
    printed = _printed(c)
    raise NotSeen(f"the virtual machine does not go on: {now} exits after {than}; its program {'is alive' if alive else 'ended'} and "
                  f"said {printed[-3:]}", "build/virtual/linux.log")


def _run(c, arguments):
    """Let the program run to its end while both hearts beat; returns (what it printed, a sentence)."""
    c.running()
    c.guest.run(f"rm -f {ENOUGH} {STATUS}")
    before = _exits(c)
    c.guest.run_once(f"{{ /{PROGRAM} {arguments} >{PRINTED} 2>&1; echo $? >{STATUS}; }} & true", 30)
    first = _more_exits(c, before)
    beats = f"adsp's {c.beats()}, cdsp's {c.beats(c.cdsp_heart)}"
    # a machine that has ended is not counted any more: the counting one goes on until it is told
    later = _more_exits(c, first)
    c.guest.run(f"touch {ENOUGH}")
    # the shell forgets a job that has ended once it has said so, and then cannot wait for it
    status = int(c.guest.read(STATUS, r"\d+", 600))
    printed = _printed(c)
    if status:
        raise NotSeen(f"the program ended with {status}: {printed[-3:]}", "the kernel's KVM")
    c.counts([(c.kernel_count, r"remoteproc remoteproc\d: ", 0), (c.secure_count, r"shim: core \d: ", 0)], 1)
    return printed, f"the machine had made {first - before}, then {later - before} exits while {beats}; after it: adsp's {c.beats()}, " \
                    f"cdsp's {c.beats(c.cdsp_heart)}"


def come_up(c):
    """All come up, and a machine that then stands still for as long as the others come and go.

    For the first machine KVM rewrites code of Linux's scheduler, and writes it back after the last (the static key of preempt notifiers).
    A CPU of QEMU's that translates such code while another one writes it may keep the old code, and KVM's half of a switch is missing:
    one machine in about 700 ended with EIO, or its CPU hung. So it is written once, while no other CPU runs Linux.
    """
    told = bench.come_up(c)
    every = c.options.host_cpus
    for number in range(every - 1, 0, -1):
        cpus.off(c, number, set(range(number)))
    c.guest.run(f"chmod +x /{PROGRAM}")
    c.guest.run_once(f"/{PROGRAM} 1 {NEVER} >{PRINTED} 2>&1 & true", 30)
    _more_exits(c, 0)
    c.guest.run("kill -STOP $(pidof kvm)")
    for number in range(1, every):
        cpus.on(c, number, set(range(number + 1)))
    return f"{told}; a machine stands still"


def counts(c):
    """A program at EL1 of the machine, of whose every word the right value is known."""
    printed, told = _run(c, f"{ROUNDS} {ENOUGH}")
    if printed != ["kvm: every word was right, and the machine switched itself off"]:
        raise NotSeen(f"the program says {printed}", "the kernel's KVM")
    return f"{ROUNDS} words or more were right; {told}"


def boots(c):
    """The stock kernel as the guest of itself: up to where it looks for a root file system, which it has not got."""
    printed, told = _run(c, f"/{IMAGE} /{TREE}")
    text = "\n".join(printed)
    with open(os.path.join(DIRECTORY, "virtual.log"), "w", encoding="utf-8") as log:
        log.write(text + "\n")
    for line in BOOTED:
        expected = line.format(version=c.options.kernel_version) if "{" in line else line
        if expected not in text:
            raise NotSeen(f"the other Linux does not say {expected!r}; its last words: {printed[-3:]}", "build/virtual/virtual.log")
    if printed[-1] != "kvm: Linux has reset its machine":
        raise NotSeen(f"the program says {printed[-1]!r}", "the kernel's KVM")
    return f"Linux {c.options.kernel_version} booted as a guest, {len(printed)} lines, and reset its machine; {told}"


SCENARIOS = (
    ("virtual_machine_runs_beside_running_cores", counts),
    ("stock_kernel_boots_as_a_guest_beside_running_cores", boots),
)


def tests(tap, options, only, seconds):
    """All of them in one machine of their own, or those whose names contain @only."""
    chosen = [(name, function) for name, function in SCENARIOS if only in name]
    if not chosen:
        return
    os.makedirs(DIRECTORY, exist_ok=True)
    qemu, c = bench.boot(options, [], seconds, directory=DIRECTORY, more_files=_files(options))
    with qemu:
        if not tap.test("machine_with_a_hypervisor_comes_up", come_up, c):
            return
        for name, function in chosen:
            tap.test(name, function, c)
