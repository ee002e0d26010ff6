#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Arrangement guest with the stock kernel: what Linux at EL1 does as ever, and what the hypervisor keeps it from; prints TAP.

Believed is what scenarios.py believes. A root user of Linux tries to reach what is not Linux's: by its CPUs, by the DMA of a PCI device
that is Linux's, by the interrupt controller's tables. Each is seen to work on memory that is Linux's, too.
"""

import argparse
import dataclasses
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import bench
import cpus
import hostile
import life
import manifests
import masters
import scenarios
from tap import Tap

import images
import options as machine_options
import steps
from hostile import BUS_ERROR, PLAYGROUND, Edu, devmem, outside_bytes, poke, program_bytes
from paths import PARTS, Trouble
from steps import STAMP, NotSeen

LIMIT = 1200.0			# seconds for everything in one machine
DEVICES = ("-device", f"edu,addr={hostile.SLOT},dma_mask=0xffffffffffffffff",
           "-device", "pcie-root-port,id=root,chassis=9,slot=9,addr=6")
SMMU_EVENT = r"hypervisor: SMMU: stream {sid:#x} \(a device of the host\): event 0x10 at {address:#x}, the first of \d+.*"
COUNT = 64			# bytes of each transfer


def _stopped(c, address):
    """@address is not Linux's: it can neither read nor write there."""
    for words in ((address, "32"), (address, "32", 0)):
        c.mark()
        status, value = devmem(c, *words)
        if status != BUS_ERROR or value is not None:
            raise NotSeen(f"devmem at {address:#x} ends with status {status}, value {value}", "build/guest/linux.log")
        c.secure(rf"hypervisor: CPU \d+: access to {address:#x} stopped .*", 5, "the hypervisor stopped the access")


def locked_out(c, platform):
    """Live carve-outs, hypervisor, shims, SMMU and QEMU's fw_cfg, whose DMA no SMMU would stop."""
    c.running()
    places = {name: platform[name] for name in ("VIRT_ADSP_MEM", "VIRT_CDSP_MEM", "VIRT_HYPERVISOR", "VIRT_SHIM", "VIRT_SMMU")}
    places["end of the carve-out"] = platform["VIRT_ADSP_MEM"] + platform["VIRT_ADSP_SIZE"] - 0x1000
    places["end of the hypervisor"] = platform["VIRT_HYPERVISOR"] + platform["VIRT_HYPERVISOR_SIZE"] - 0x1000
    places["stream table of the SMMU"] = platform["VIRT_SMMU"] + 0x80
    places["fw_cfg"] = 0x09020000
    for address in places.values():
        _stopped(c, address)
    return f"a read and a write end in a bus error at each of {', '.join(places)}; {c.beats()}"


def comes_and_goes(c, platform):
    """The carve-out is Linux's until AUTH_AND_RESET, and from SHUTDOWN on, then with zeros; cdsp's stays where it is."""
    base = platform["VIRT_ADSP_MEM"]
    for _ in range(3):
        c.running()
        _stopped(c, base)
        c.told("stop")
        c.secure(r"hypervisor: adsp: streams abort, carve-out is the host's again", 10, "it gave the carve-out back")
        c.state("offline")
        if devmem(c, base, "32") != (0, 0):
            raise NotSeen("the carve-out of a stopped core cannot be read, or is not zero", "build/guest/secure.log")
        _stopped(c, platform["VIRT_CDSP_MEM"])
    return "3 times: bus error while the core runs, zeros after it was stopped"


def refused_image(c, platform):
    """A refused image leaves all as it was: the carve-out is Linux's."""
    c.offline()
    told = steps.refused(c, images.FORGED_SEGMENT, "HASH_SEGMENT", "one flipped bit")
    if devmem(c, platform["VIRT_ADSP_MEM"], "32")[0]:
        raise NotSeen("the carve-out is still out of reach", "build/guest/secure.log")
    c.guest.write(f"{bench.REMOTEPROC}/firmware", images.GENUINE)
    return f"{told}; the carve-out can be read again"


def no_virtio(c, platform):
    """The places of virtio-mmio, whose DMA passes the SMMU by, look empty."""
    for slot in (0, platform["VIRT_VIRTIO_SIZE"] - 0x200):
        address = platform["VIRT_VIRTIO"] + slot
        poke(c, address + 0x70, 32, 0xff)
        for offset in (0, 4, 0x70):
            status, value = devmem(c, address + offset, "32")
            if (status, value) != (0, 0):
                raise NotSeen(f"{address + offset:#x} reads {value}, status {status}", "firmware/hypervisor/emulate.c")
    return "reads are zero, writes do nothing"


def _dma(c, edu, address, allowed):
    """The device writes @address. Returns whether memory there changed; that must be @allowed."""
    fill = c.page + PLAYGROUND
    edu.read(fill, COUNT)
    before = outside_bytes(c, address, COUNT)
    edu.write(address, COUNT)
    after = outside_bytes(c, address, COUNT)
    if (after == outside_bytes(c, fill, COUNT)) != allowed or (not allowed and after != before):
        raise NotSeen(f"DMA to {address:#x}: {'did not arrive' if allowed else 'arrived'}", "firmware/hypervisor/smmu.c")


def _pattern(c):
    """Something in the control page's spare part that is nowhere else."""
    for i in range(0, COUNT, 8):
        poke(c, c.page + PLAYGROUND + i, 64, 0x5a00000000000000 + int(time.monotonic() * 1000) * 0x100 + i)


def dma_writes(c, platform):
    """A device of Linux's writes where Linux may, and where it may not: that is stopped, and reported by name."""
    c.running()
    edu = Edu(c)
    _pattern(c)
    _dma(c, edu, c.page + PLAYGROUND + COUNT, True)
    places = ("VIRT_ADSP_MEM", "VIRT_CDSP_MEM", "VIRT_HYPERVISOR", "VIRT_SHIM")
    for name in places:
        c.mark()
        _dma(c, edu, platform[name], False)
        c.guest.run(f"cat {bench.REMOTEPROC}/firmware")
        c.guest.write("/sys/devices/system/cpu/cpu1/online", 0)		# any SMC lets the hypervisor look
        c.guest.write("/sys/devices/system/cpu/cpu1/online", 1)
        c.secure(SMMU_EVENT.format(sid=hostile.SLOT << 3, address=platform[name]), 10, "the hypervisor reported the DMA")
    c.told("stop")
    c.state("offline")
    _dma(c, edu, platform["VIRT_ADSP_MEM"], True)
    return f"blocked and reported: {', '.join(places)}; Linux's memory, and a carve-out whose core was stopped, are reached"


def dma_reads(c, platform):
    """The device reads where Linux may not."""
    c.running()
    edu = Edu(c)
    base, target = platform["VIRT_ADSP_MEM"], c.page + PLAYGROUND
    _pattern(c)
    edu.read(target, COUNT)
    edu.read(base, COUNT)
    edu.write(target, COUNT)
    if outside_bytes(c, target, COUNT) == program_bytes()[:COUNT]:
        raise NotSeen("DMA read the live carve-out", "firmware/hypervisor/smmu.c")
    if outside_bytes(c, base, COUNT) != program_bytes()[:COUNT]:
        raise NotSeen("the carve-out does not hold the program that Linux loaded", "the test itself")
    return f"what the live carve-out holds does not come out; {c.beats()}"


def redistributor_tables(c, platform):
    """The GIC reads and writes its tables past the SMMU: Linux cannot aim them at what is not its own."""
    c.running()
    for cpu in range(c.options.host_cpus):
        for register in (0x70, 0x78):			# GICR_PROPBASER, GICR_PENDBASER
            where = platform["VIRT_GICR"] + cpu * platform["VIRT_GICR_STRIDE"] + register
            before = devmem(c, where, "64")
            for target in ("VIRT_HYPERVISOR", "VIRT_SHIM", "VIRT_ADSP_MEM"):
                c.mark()
                poke(c, where, 64, platform[target] | 0xf)
                c.secure(rf"hypervisor: CPU \d+: redistributor {cpu}: table at .* refused.*", 5, "it was refused")
            if devmem(c, where, "64") != before:
                raise NotSeen(f"the register at {where:#x} has changed", "firmware/hypervisor/gic.c")
    return f"hypervisor, shims and carve-out refused in both registers of {c.options.host_cpus} CPUs"


def narrowed(c):
    """An image that renounced the clock: the hypervisor takes it out of the stream's table once the manifest is verified."""
    told = manifests.narrowed(c, r"address 0x9010000 is not mapped .*")
    if not c.qemu.secure.find(r"hypervisor: adsp: its image's manifest leaves 3 of \d+ ranges", 0):
        raise NotSeen("the hypervisor does not say that it narrowed the stream", "build/guest/secure.log")
    return told


def message_interrupts(c):
    """Linux uses the ITS as ever; tables and queue are the hypervisor's."""
    status, lines = c.guest.run("grep ITS /proc/interrupts")
    if status or not lines:
        raise NotSeen("no device of Linux has an interrupt of the ITS", "build/guest/linux.log: ITS")
    if c.qemu.linux.find(r"ITS@\S+: .*(?:fail|error|timeout)|ITS queue timeout", 0):
        raise NotSeen("the kernel complains of the ITS", "build/guest/linux.log: ITS")
    return re.sub(r"\s+", " ", lines[0])


def _listed(platform):
    """(name, function of the bench) in the order in which they share one machine."""
    mine = ((locked_out, "what_is_not_linuxs_ends_in_a_bus_error"), (comes_and_goes, "carve_out_is_linuxs_while_nothing_runs"),
            (refused_image, "refused_image_gives_the_carve_out_back"), (no_virtio, "virtio_mmio_looks_empty"),
            (dma_writes, "dma_of_linuxs_device_writes_only_what_is_linuxs"), (dma_reads, "dma_of_linuxs_device_reads_no_live_carve_out"),
            (redistributor_tables, "tables_of_redistributors_are_in_linuxs_memory"))
    return [("machine_comes_up_at_el1", bench.come_up)] + \
        [(name, functools.partial(function, platform=platform)) for function, name in mine] + [
            ("interrupts_of_the_remote_core_are_not_the_hosts", functools.partial(hostile.interrupts, platform=platform)),
            ("message_interrupts_come_through", message_interrupts),
            ("manifest_narrows_the_streams_table", narrowed),
            ("stop_and_start_twenty_times", life.stop_and_start),
            ("crash_and_recover_twenty_times", life.crash_and_recover),
            ("coredump_finds_the_minidump", functools.partial(life.coredump, carveout_size=platform["VIRT_ADSP_SIZE"], allowed=False)),
            ("program_that_ignores_stop_is_stopped_by_force", life.ignored_stop),
            ("removed_driver_holds_the_core_and_comes_again", life.removed_driver),
            ("host_cpus_go_off_and_on", cpus.hotplug),
            ("start_is_issued_from_the_last_cpu", cpus.start_from_the_last_cpu),
            ("calls_from_all_cpus_at_once", cpus.calls_at_once),
            ("large_image_is_interrupted_and_accepted", cpus.large_image),
            ("device_that_is_only_read_is_linuxs_too", manifests.shared_device),
            *masters.SCENARIOS,
            ("dma_masters_registers_and_bus_are_not_linuxs", functools.partial(masters.hidden, stopped=_stopped)),
            ("reboot_restarts_everything", scenarios.warm_reset),
            ("power_off_ends_the_machine", steps.power_off),
        ]


def _run_with(kernel, arrangement):
    """The demonstration with another kernel: (exit status, result.json, secure log, what it printed)."""
    directory = os.path.join(bench.DIRECTORY, "older")
    shutil.rmtree(directory, ignore_errors=True)
    done = subprocess.run([sys.executable, os.path.join(bench.TOP, "boards", "virt", "run", "main.py"), "run", "--timeout", "300",
                           "--directory", directory], env={**os.environ, "KERNEL": kernel, "ARRANGEMENT": arrangement},
                          capture_output=True, text=True, timeout=360, check=False)
    with open(os.path.join(directory, "secure.log"), encoding="utf-8") as log:
        secure = log.read()
    with open(os.path.join(directory, "result.json"), encoding="utf-8") as record:
        return done.returncode, json.load(record), secure, done.stdout + done.stderr


def older_kernel(kernel):
    """Under the hypervisor a host maps nothing: a kernel does that never heard of it."""
    status, result, _, told = _run_with(kernel, machine_options.GUEST)
    good = [step["name"] for step in result["steps"] if step["ok"]]
    if status or good != [name for name, _ in steps.steps_of(machine_options.GUEST, with_video=False)]:
        raise NotSeen(f"only these steps were observed: {good}\n{told}", "build/guest/older")
    return f"all {len(good)} steps with Linux {result['kernel']}"


def older_kernel_alone(kernel):
    """Where it owns the SMMU itself, its driver maps nothing for the core: nothing is reached, and nothing runs."""
    status, result, secure, told = _run_with(kernel, machine_options.OWNER)
    good = [step["name"] for step in result["steps"] if step["ok"]]
    if not status or "adsp-running" in good or "adsp-authenticated" not in good:
        raise NotSeen(f"these steps were observed: {good}\n{told}", "build/guest/older")
    stopped = re.search(STAMP + r"(shim: core 0: execution of (0x[0-9a-f]+) at pc \2: .* is not mapped .*)$", secure, re.MULTILINE)
    if not stopped or "core 0: program: " in secure:
        raise NotSeen("the core was not stopped at its first instruction", "build/guest/older/secure.log")
    return f"genuine and authenticated, but {stopped.group(1)}"


def others(tap, chosen):
    """The kernel of Debian 13, which is downloaded for it."""
    getter = os.path.join(bench.TOP, "scripts", "setup", "older_kernel.py")
    listed = [("debian_13s_kernel_runs_all_steps_under_the_hypervisor", older_kernel),
              ("debian_13s_kernel_that_owns_the_smmu_runs_nothing", older_kernel_alone)]
    listed = [(name, function) for name, function in listed if chosen in name]
    if listed and subprocess.run([getter], check=False).returncode:
        raise Trouble("Debian 13's kernel could not be had")
    for name, function in listed:
        tap.test(name, function, os.path.join(PARTS, "older-kernel"))


def _options(options):
    return dataclasses.replace(options, arrangement=machine_options.GUEST, devices=DEVICES)


def run(tap, options, chosen):
    """Boot once and run those whose names contain @chosen."""
    platform = bench.constants.platform()
    listed = _listed(platform)
    if not any(chosen in name for name, _ in listed):
        return
    _, good = scenarios.images_for(platform)
    qemu, c = bench.boot(options, good, LIMIT)
    with qemu:
        for name, function in listed:
            first = name == listed[0][0]
            if (first or chosen in name) and not tap.test(name, scenarios.judged, function, c) and first:
                raise Trouble("the machine did not come up")


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="only tests whose names contain it")
    parser.add_argument("--all", action="store_true", help="another kernel, too")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    tap = Tap()
    began = time.monotonic()
    try:
        options = _options(machine_options.from_environment(bench.constants.platform()["VIRT_RAM_MIN"]))
        print(f"# {options.text()}", flush=True)
        run(tap, options, arguments.only)
        if arguments.all:
            others(tap, arguments.only)
    except Trouble as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    print(f"# {time.monotonic() - began:.0f} s")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
