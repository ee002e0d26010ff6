# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios of another device tree: an adsp with a companion image, which the stock driver loads and authenticates first."""

import os

import bench
from bench import ACCEPTED, STOPPED
from steps import STAMP, UP, NotSeen

import images
import steps
from paths import Trouble

DTB_ACCEPTED = r"adsp-dtb: AUTH_AND_RESET accepted: "
LIMIT = 300.0


def _image(platform, forged):
    """Path of the companion, with one bit changed if @forged. It has to have the one name under which the driver asks for it."""
    path = images.companion(platform, os.path.join(bench.DIRECTORY, "forged" if forged else "genuine"))
    if forged:
        with open(path, "rb") as data:
            changed, _ = images.flip_one_bit(data.read())
        with open(path, "wb") as out:
            out.write(changed)
    return path


def comes_up(c):
    """The driver's order: the lite variant and its companion down, the companion authenticated, then the adsp."""
    steps.secure_world(c)
    steps.linux_runs(c)
    first = c.secure(DTB_ACCEPTED + r"(.* certificates), .*?(\d+ segments), (\d+ bytes), .*", 20,
                     "it accepted the companion")
    second = c.secure(ACCEPTED + r".*", 20, "it accepted adsp")
    if second.start() < first.start():
        raise NotSeen("adsp was started before its companion was authenticated", "build/guest/secure.log")
    for name in ("adsp-lite", "adsp-lite-dtb"):
        c.secure(rf"{name}: SHUTDOWN accepted: was OFF, .*", 5, f"it was asked to shut {name} down")
    c.kernel(UP, 20, "the remote processor is up")
    return f"companion: {', '.join(first.groups())}; then adsp, {c.beats()}"


def recovers(c):
    """A crash of the adsp takes the companion down too, and both come back."""
    c.running()
    c.request("PIL_CTRL_FATAL")
    beats = c.recovered("fatal error")
    c.counts([(c.secure_count, r"adsp-dtb: SHUTDOWN accepted: was AUTHENTICATED, ", 1),
              (c.secure_count, r"adsp: SHUTDOWN accepted: was CRASHED, ", 1), (c.secure_count, ACCEPTED, 1),
              (c.secure_count, DTB_ACCEPTED, 1), (c.secure_count, ".* refused: ", 0)])
    return f"both were shut down and authenticated again; {beats}"


def stops(c):
    """A stop cleans both."""
    c.running()
    c.told("stop")
    c.kernel(STOPPED, 15, "adsp is stopped")
    line = c.secure(r"adsp-dtb: SHUTDOWN accepted: was AUTHENTICATED, \d+ bytes scrubbed", 5, "it cleaned the companion")
    return f"{line.group(0).split('] ', 1)[1]}; {c.still()}"


def forged(c):
    """An adsp whose companion was changed does not start, though its own image is genuine; the cdsp does."""
    steps.secure_world(c)
    steps.linux_runs(c)
    line = c.secure(r"adsp-dtb: (?:INIT_IMAGE|AUTH_AND_RESET) refused: (\w+): .*", 20, "it refused the companion")
    if line.group(1) != "HASH_SEGMENT":
        raise NotSeen(f"the companion was refused, but for {line.group(1)}", "build/guest/secure.log")
    c.kernel(STAMP + r"remoteproc remoteproc0: can't start rproc adsp: -\d+$", 20, "adsp did not start")
    c.state("offline")
    running = steps.cdsp_running(c)
    c.counts([(c.secure_count, ACCEPTED, 0), (c.secure_count, DTB_ACCEPTED, 0), (c.kernel_count, UP, 0)])
    return f"{line.group(0).split('refused: ', 1)[1]}; {c.still()}; {running}"


# Two machines: this driver never lets go of the first companion that it was given, and asks for no other one.
MACHINES = (
    (False, (("companion_is_authenticated_before_the_adsp_starts", comes_up),
             ("companion_is_cleaned_when_the_adsp_stops", stops),
             ("companion_recovers_with_the_adsp", recovers))),
    (True, (("forged_companion_stops_the_start", forged),)),
)


def in_machine(tap, options, machine, chosen=""):
    """Boot one of MACHINES with the other device tree; run those whose names contain @chosen, and the first always."""
    forge, scenarios = machine
    path = _image(bench.constants.platform(), forge)
    qemu, c = bench.boot(options, [path], LIMIT, variant=("ADSP_COMPANION",))
    with qemu:
        for name, function in scenarios:
            first = name == scenarios[0][0]
            if (first or chosen in name) and not tap.test(name, function, c) and first:
                raise Trouble("the machine with a companion did not come up")


def tests(tap, options, chosen):
    """Those whose names contain @chosen, in each machine that has one."""
    for machine in MACHINES:
        if any(chosen in name for name, _ in machine[1]):
            in_machine(tap, options, machine, chosen)
