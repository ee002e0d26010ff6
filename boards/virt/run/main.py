#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Run the demonstration on QEMU's machine virt and watch it (run), or use it (shell)."""

import argparse
import contextlib
import os
import signal
import sys
import time

import constants
import containers
import images
import kept
import machine
import trace_file
import options as machine_options
from paths import BOARD, IMAGES, RUN, TOP, Trouble

import tee_machine
import tee_steps
import video_core
from cache import Cache, default_root
from context import NotSeen
from guest import Guest
from heartbeat import heart
from options import TEE
from qemu import Qemu
from report import Report, show_tail
from steps import Context, steps_of

SECONDS, SECONDS_TEE = 120.0, 400.0


def known_good(cache):
    """The kernel of the last run that passed here; before the first such run, the one that Pilot was made with."""
    last = cache.last_good()
    if last:
        return last, "passed last on this machine"
    with open(os.path.join(BOARD, "known-good"), encoding="ascii") as text:
        return text.read().strip(), "is the one that Pilot was made with"


def run_steps(context, steps, report, directory):
    """All steps in order, up to the first that fails; the trace is saved behind each, for the last one ends the machine. Returns the exception that ended them, or None."""
    for name, step in steps:
        began = time.monotonic()
        try:
            text = step(context)
        except (NotSeen, Trouble) as error:
            if context.qemu.linux.closed() and name != "power-off":
                error = NotSeen(f"QEMU ended early, with status {context.qemu.wait(time.monotonic() + 1)}: "
                                f"{context.qemu.errors() or 'it said nothing'}", "the ends of both logs")
            elif time.monotonic() >= context.deadline:
                error = NotSeen(f"{error} (the time for the whole run is over)", getattr(error, "hint", "both logs"))
            trace_file.save(context.qemu, directory)
            report.step(name, False, time.monotonic() - began, str(error))
            return error
        report.step(name, True, time.monotonic() - began, text)
        trace_file.save(context.qemu, directory)
    return None


def explain(error, qemu, options, cache, directory):
    """After a failure: the ends of both logs, what to look at, and whether the kernel is a new one."""
    where = os.path.relpath(directory, TOP)
    show_tail(f"{where}/secure.log ends with", qemu.secure.tail(12))
    show_tail(f"{where}/linux.log ends with", qemu.linux.tail(12))
    print(f"\nLook at {getattr(error, 'hint', 'both logs')}")
    good, why = known_good(cache)
    if good != options.kernel_version:
        print(f"This was Linux {options.kernel_version}; Linux {good} {why}.")


def put_together(options, platform, directory, interactive=False):
    """Write the machine's files. Returns QEMU's arguments, what the steps are to know of it, the steps, and what firmware there is."""
    if options.arrangement == TEE:
        files = tee_machine.prepare(options, directory, **tee_machine.for_demonstration(interactive))
        given = kept.keep(directory, files["signed"], os.path.join(IMAGES, containers.FUSES))
        return tee_machine.command_line(options, files), {"directory": directory}, tee_steps.STEPS, given
    more_images, more_files, frame = video_core.for_demonstration(options)
    files = machine.prepare(options, platform, directory, interactive=interactive, more_images=more_images, more_files=more_files)
    lacks = video_core.lacks(options)
    if lacks:
        print(f"{lacks}: no step for it", flush=True)
    steps = steps_of(options.arrangement, with_video=not lacks, with_lite=bool(options.boot_image))
    given = kept.keep(directory, files["signed"], os.path.join(IMAGES, images.FUSES))
    return machine.command_line(options, platform, files), {"frame": frame}, steps, given


def observe(options, platform, qemu, notes, deadline):
    """The steps' context."""
    common = {"options": options, "qemu": qemu, "guest": Guest(qemu.linux), "deadline": deadline, "notes": notes}
    if options.arrangement == TEE:
        return tee_steps.context(**common)
    return Context(**common, heart=heart(qemu.monitor, platform, "adsp"), cdsp_heart=heart(qemu.monitor, platform, "cdsp"),
                   remote=constants.remote(), page=platform["VIRT_CTRL"], carveout=platform["VIRT_ADSP_MEM"])


def run(options, platform, directory, seconds):
    """Boot, observe, report. Returns the exit status."""
    cache = Cache(default_root())
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(directory, "result.json"))		# an old result must not pass for this run's
    trace_file.forget(directory)
    arguments, notes, steps, given = put_together(options, platform, directory)
    report = Report([name for name, _ in steps], options, directory)
    report.given(given)
    began = time.monotonic()
    with Qemu(arguments, os.path.join(directory, "linux.log"), os.path.join(directory, "secure.log")) as qemu:
        error = run_steps(observe(options, platform, qemu, notes, began + seconds), steps, report, directory)
        failed = report.write()
        if error:
            explain(error, qemu, options, cache, directory)
    print(f"\n{len(steps) - failed} of {len(steps)} steps observed in {time.monotonic() - began:.1f} s; "
          f"{os.path.relpath(directory, TOP)}/ has result.json, linux.log, secure.log and trace.bin")
    if failed:
        return 1
    if not os.environ.get("KERNEL"):
        cache.set_last_good(options.kernel_version)
    return 0


def shell(options, platform, directory):
    """The same machine with the terminal as its console. QEMU takes the place of this program."""
    arguments, _, _, _ = put_together(options, platform, directory, interactive=True)
    secure_log = os.path.join(directory, "secure.log")
    print(f"The secure world writes to {os.path.relpath(secure_log, TOP)}. "
          "Ctrl-A x ends the machine; so does \"poweroff -f\" inside.", flush=True)
    arguments += ["-chardev", f"stdio,id=linux,mux=on,signal=off,logfile={os.path.join(directory, 'linux.log')}",
                  "-serial", "chardev:linux", "-mon", "chardev=linux,mode=readline",
                  "-serial", f"file:{secure_log}"]
    os.execv(arguments[0], arguments)


def main():
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=("run", "shell"))
    parser.add_argument("--timeout", type=float, metavar="SECONDS",
                        help=f"for the whole run (default: {SECONDS:g}; in arrangement {TEE}, which boots three machines, {SECONDS_TEE:g})")
    parser.add_argument("--directory", metavar="DIR", help="where files, logs and result go (build/run; build/run-tee)")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))
    try:
        platform = constants.platform()
        options = machine_options.from_environment(platform["VIRT_RAM_MIN"])
        print(options.text(), flush=True)
        # the flash keeps its rollback counters from run to run, and has them elsewhere under OP-TEE
        directory = os.path.abspath(arguments.directory or (f"{RUN}-tee" if options.arrangement == TEE else RUN))
        if arguments.verb == "shell":
            return shell(options, platform, directory)
        return run(options, platform, directory, arguments.timeout or (SECONDS_TEE if options.arrangement == TEE else SECONDS))
    except Trouble as error:
        print(f"pilot: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\npilot: interrupted", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
