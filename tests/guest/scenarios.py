#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Behaviour that Linux sees, each as a named test with the stock kernel; prints TAP.

Believed are the kernel's own log, sysfs read back, whole lines of the secure log, memory read from outside through QEMU
and QEMU's exit status; never what a script in the guest says of itself.
"""

import argparse
import functools
import os
import signal
import sys
import time

import bench
import companion
import cpus
import host_dies
import hostile
import life
import malformed
import manifests
import masters
import outside
import rollback
import virtual
from tap import Tap

import images
import options as machine_options
import steps
from paths import Trouble, built

LIMIT = 900.0			# seconds for everything in one machine


def images_for(platform):
    """What the guest gets besides the demonstration's images: [(name, path, reason)] of bad ones, paths of good ones."""
    os.makedirs(bench.DIRECTORY, exist_ok=True)
    images.make(platform)
    large = os.path.join(bench.DIRECTORY, cpus.LARGE)
    images.sign(built("adsp-large.elf"), large, images.genuine_keys(), platform["VIRT_ADSP_SW_ID"])
    narrow, greedy = manifests.make(platform)
    return malformed.make(platform["VIRT_ADSP_SW_ID"]) + greedy, [large, narrow]


def refused(c, path, reason):
    """A bad image stays offline, for its own reason."""
    c.offline()
    return steps.refused(c, os.path.basename(path), reason, "through the stock driver")


def genuine_after_refusals(c):
    """The refusals left nothing behind."""
    c.offline()
    return steps.adsp_again(c)


def warm_reset(c):
    """Linux reboots while the remote processor runs; everything comes up again in the same QEMU."""
    c.running()
    secure, linux = c.qemu.secure.position(), c.qemu.linux.position()
    c.guest.type("reboot -f")
    c.secure("monitor: the host resets the system", 20, "the host asked for a reset")
    c.kernel(r"^\[ +0\.000000\] Booting Linux", 60, "it boots again")
    told = bench.come_up(c)
    c.nobody_faulted(secure, linux)
    return told


def _inside(platform, bad, more):
    """(name, function of the bench) in the order in which they share one machine; @bad as malformed.make() gives.

    @more are such pairs that come before it reboots.
    """
    scenarios = [
        ("machine_comes_up", bench.come_up),
        ("hung_program_is_caught_by_the_watchdog", life.hung_program),
        ("fatal_error_reaches_the_kernel_log_with_the_programs_own_words", life.fatal_error),
        ("program_that_ignores_stop_is_stopped_by_force", life.ignored_stop),
        ("stop_and_start_twenty_times", life.stop_and_start),
        ("crash_and_recover_twenty_times", life.crash_and_recover),
        ("coredump_finds_the_minidump", functools.partial(life.coredump, carveout_size=platform["VIRT_ADSP_SIZE"], allowed=True)),
        ("unbound_driver_holds_the_core_and_binds_again", life.unbound_driver),
        ("removed_driver_holds_the_core_and_comes_again", life.removed_driver),
        ("host_cpus_go_off_and_on", cpus.hotplug),
        ("start_is_issued_from_the_last_cpu", cpus.start_from_the_last_cpu),
        ("calls_from_all_cpus_at_once", cpus.calls_at_once),
        ("large_image_is_interrupted_and_accepted", cpus.large_image),
        ("resource_table_maps_device_memory_and_its_streams_are_skipped", manifests.device_memory),
        ("manifest_takes_a_grant_away", manifests.narrowed),
        ("manifest_is_gone_with_its_image", manifests.whole_again),
        *masters.SCENARIOS,
    ]
    scenarios += [(f"{name}_is_refused", functools.partial(refused, path=path, reason=reason))
                  for name, path, reason in bad]
    return scenarios + [
        ("genuine_image_starts_after_all_refusals", genuine_after_refusals),
        *more,
        ("reboot_restarts_everything", warm_reset),
        ("rollback_newer_image_that_never_was_ready_shuts_nobody_out", rollback.never_ready),
        ("rollback_older_image_is_refused_once_a_newer_one_was_ready", rollback.ready),
        ("rollback_older_image_is_refused_after_a_restart", rollback.after_reset),
        ("power_off_ends_the_machine", steps.power_off),
    ]


def judged(function, c):
    """One scenario; the kernel must not complain during it."""
    if c.qemu.ended() is not None:
        raise Trouble(f"QEMU ended, with status {c.qemu.ended()}: {c.qemu.errors()}")
    start = c.qemu.linux.position()
    text = function(c)
    c.no_complaint(start)
    return text


def in_one_machine(tap, options, chosen, more=(), more_files=()):
    """Boot once and run the scenarios whose names contain @chosen; @more as in _inside(), @more_files as in bench.boot()."""
    platform = bench.constants.platform()
    bad, good = images_for(platform)
    scenarios = _inside(platform, bad, more)
    if not any(chosen in name for name, _ in scenarios):
        return
    versions = rollback.make(platform["VIRT_ADSP_SW_ID"])
    qemu, c = bench.boot(options, [path for _, path, _ in bad] + good + versions, LIMIT,
                         more_files=more_files, fuses=("--debug", "coredump"))
    with qemu:
        for name, function in scenarios:
            first = name == scenarios[0][0]
            if (first or chosen in name) and not tap.test(name, judged, function, c) and first:
                raise Trouble("the machine did not come up")


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="what takes longer too: other machines, more ways to die")
    parser.add_argument("--only", default="", metavar="TEXT", help="only tests whose names contain it")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    tap = Tap()
    began = time.monotonic()
    try:
        options = machine_options.from_environment(bench.constants.platform()["VIRT_RAM_MIN"])
        print(f"# {options.text()}", flush=True)
        in_one_machine(tap, options, arguments.only)
        companion.tests(tap, options, arguments.only)
        hostile.tests(tap, options, arguments.only, LIMIT)
        masters.tests(tap, options, arguments.only)
        virtual.tests(tap, options, arguments.only, LIMIT)
        host_dies.tests(tap, options, arguments.only, arguments.all, (1 + arguments.all) * LIMIT)
        outside.tests(tap, arguments.only, arguments.all)
    except Trouble as error:
        print(f"Bail out! {error}", flush=True)
        return 1
    print(f"# {time.monotonic() - began:.0f} s")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
