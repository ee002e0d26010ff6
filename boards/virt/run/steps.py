# SPDX-License-Identifier: BSD-2-Clause
"""The steps of the demonstration in arrangements owner and guest. Each returns one sentence on what was observed, or raises NotSeen."""

import random
import re
import time
from dataclasses import dataclass

import constants
import images
import lite_core
import video_core
from context import STAMP, NotSeen, Watch
from guest import CDSP, REMOTEPROC
from heartbeat import Heartbeat, heart
from options import GUEST, OWNER

LOCKED = 3			# PIL_CAP_LOCKED_CPU and PIL_CAP_LOCKED_DMA of pilot/pas.h
FAULTS = 0x20			# PIL_CAP_FAULTS
# before Linux 7.0 a remote processor has the name of its node in the device tree
UP = STAMP + r"remoteproc remoteproc0: remote processor (?:remoteproc-)?adsp is now up$"
CDSP_UP = STAMP + r"remoteproc remoteproc1: remote processor (?:remoteproc-)?cdsp is now up$"


@dataclass(kw_only=True)
class Context(Watch):
    """What the steps share where remote processors are the stock driver's."""

    heart: Heartbeat
    cdsp_heart: Heartbeat
    remote: dict
    page: int
    carveout: int

    def copied(self, source, target, how="PIL_CTRL_DMA", seconds=20):
        """Have the remote program's DMA master copy from @source to @target. Returns what the program says of it."""
        value = self.page + self.remote["PIL_CTRL_VALUE"]
        for name, word in (("PIL_CTRL_VALUE", 0), ("PIL_CTRL_FROM", source), ("PIL_CTRL_TO", target)):
            self.guest.run(f"devmem {self.page + self.remote[name]:#x} 64 {word:#x}")
        self.guest.run_once(f"devmem {self.page + self.remote['PIL_CTRL_REQUEST']:#x} 32 {self.remote[how]}", 10)
        until = self.by(seconds)
        while time.monotonic() < until:
            word = self.qemu.monitor.read_words(value, 1)[0]
            if word >> 32:
                return word & 0xffffffff
            time.sleep(0.05)
        raise NotSeen("the remote program does not say that its DMA master is through", "build/run/secure.log: core 0")

    def fill(self, address, words):
        """Write 64-bit @words to memory as a user of the guest."""
        pokes = "; ".join(f"devmem {address + 8 * i:#x} 64 {word:#x}" for i, word in enumerate(words))
        status, _ = self.guest.run(pokes)
        if status or self.qemu.monitor.read_words(address, len(words)) != words:
            raise NotSeen(f"the guest could not write {address:#x}", "build/run/linux.log")

    def beats(self, heart=None):
        """Wait for two proven heartbeats, the later with a larger count; @heart is that of adsp unless told."""
        seen = (heart or self.heart).advances(min(10.0, max(0.0, self.deadline - time.monotonic())))
        if not seen:
            raise NotSeen("the heartbeat that only the remote's own code can produce does not advance",
                          "build/run/secure.log: did the remote core start, did an access of it fault?")
        return f"heartbeat went from {seen[0]} to {seen[1]}"

    def still(self):
        """See that the heartbeat does not advance."""
        count = self.heart.stands_still(0.5)
        if count is None:
            raise NotSeen("the heartbeat goes on", "build/run/secure.log: was the core stopped?")
        return f"heartbeat stands still at {count}"


def secure_world(c):
    """Monitor and service are up, on as many CPUs as they should be."""
    monitor = c.secure(r"monitor: up on (\d+) CPUs, (\d+) for the host; .*", 20, "the monitor is up")
    service = c.secure(r"monitor: service is up on (\d+) CPUs, (\d+) remote core.*", 20, "the service is up")
    counts = [int(number) for number in monitor.groups() + service.groups()]
    host, remote = c.options.host_cpus, c.options.remote_cores
    if counts != [host + remote, host, host, remote]:
        raise NotSeen(f"{monitor.group(0)} / {service.group(0)}: not what {host} and {remote} CPUs should give",
                      "build/run/secure.log")
    return (f"monitor at EL3 on {counts[0]} CPUs, service at S-EL1 on {counts[2]}; {counts[3]} remote cores held; "
            f"{lock(c)}{enforced(c)}")


def lock(c):
    """What the secure world says it keeps the host from, for every peripheral; said before the service is up."""
    pattern = re.compile(rf"^{STAMP}service: (\S+): CAPABILITIES (0x[0-9a-f]+)(?:: (.*))?$", re.MULTILINE)
    said = pattern.findall(c.qemu.secure.since(c.secure_from))
    if not said:
        raise NotSeen("the secure log does not say what it can lock", "build/run/secure.log")
    unlocked = [(name, why) for name, bits, why in said if int(bits, 16) & LOCKED != LOCKED]
    c.notes["locked"] = not unlocked
    c.notes["faults"] = all(int(bits, 16) & FAULTS for _, bits, _ in said)
    if not unlocked:
        return "what runs will be copies in secure RAM, out of reach of Linux's CPUs and of DMA; " + granules(c)
    return (f"NOT PROTECTED, because CPU {c.options.cpu} has no EL2 in the Secure state: "
            f"{', '.join(name for name, _ in unlocked)}: {unlocked[0][1]}")


def granules(c):
    """The second layer, by the monitor's word and the service's: they must agree."""
    line = c.secure(r"monitor: (?:granule protection is on: .*|no granule protection: (.*))", 1,
                    "there is granule protection or why not")
    if c.notes["faults"] != (line.group(1) is None):
        raise NotSeen(f"{line.group(0)}: CAPABILITIES say otherwise", "build/run/secure.log")
    if c.notes["faults"]:
        return "granule protection: Linux's CPUs will fault at a locked carve-out"
    return f"no granule protection: {line.group(1)}"


def enforced(c):
    """What else the secure world says that this board does, and what it refuses because the board cannot."""
    text = c.qemu.secure.since(c.secure_from)
    said = re.findall(rf"^{STAMP}service: board \w+ ((?:enforces|cannot enforce, and refuses): .+)$", text, re.MULTILINE)
    said += re.findall(rf"^{STAMP}service: (no rollback protection: .+)$", text, re.MULTILINE)
    if not said:
        raise NotSeen("the secure log does not say what the board enforces", "build/run/secure.log")
    return "; it " + "; it ".join(said)


def linux_el2(c):
    """The packed kernel runs, all its CPUs at EL2."""
    return c.linux(2)


def linux_el1(c):
    """The packed kernel runs, all its CPUs at EL1, under the hypervisor."""
    c.secure(r"hypervisor: up: .* starting the host at EL1", 20, "the hypervisor is up")
    return c.linux(1)


def linux_runs(c):
    """The step of this arrangement."""
    return linux_el1(c) if c.options.arrangement == GUEST else linux_el2(c)


def lite_runs(c):
    """A core that was started before Linux."""
    return lite_core.runs(c, NotSeen)


def lite_taken_over(c):
    """And its end."""
    return lite_core.taken_over(c, NotSeen)


def authenticated(c, seconds, name="adsp"):
    """The secure log has the acceptance of an image."""
    found = c.secure(rf"{name}: (?:INIT_IMAGE|AUTH_AND_RESET) refused: (.*)|{name}: AUTH_AND_RESET accepted: "
                     r"(\d+) certificates, .*?(\d+) segments, (\d+) bytes, (\d+) us", seconds,
                     f"it accepted the image of {name}")
    if found.group(1):
        raise NotSeen(f"the image of {name} was refused: {found.group(1)}",
                      "docs/TROUBLESHOOTING.md: the word before the colon")
    certs, segments, count, micros = map(int, found.groups()[1:])
    if certs < 1 or segments < 1 or count < 1:
        raise NotSeen(f"nothing was checked: {found.group(0)}", "build/run/secure.log")
    return f"{certs} certificates, signature and device binding good; {segments} segments, {count} bytes checked " \
           f"in {micros / 1000:.0f} ms"


def adsp_authenticated(c):
    """The driver starts by itself as soon as its modules are in."""
    c.secure(r"adsp: INIT_IMAGE accepted: .*", 20, "it took the headers of adsp's image")
    return authenticated(c, 20)


def adsp_running(c):
    """The driver's word, and the heartbeat."""
    c.kernel(UP, 15, "the remote processor is up")
    c.state("running")
    return f"stock driver: adsp is up; {c.beats()}"


def hypervisor_maps(c):
    """The hypervisor took the carve-out from Linux, then mapped the stream, and only then the secure world authenticated."""
    mapped = c.secure(rf"hypervisor: adsp: carve-out {c.carveout:#x} is out of the host's reach; (\d+) ranges mapped for "
                      r"(\d+) stream\(s\)", 5, "the hypervisor mapped adsp's stream")
    accepted = c.secure(r"adsp: AUTH_AND_RESET accepted: .*", 5, "it accepted the image")
    if mapped.start() > accepted.start() or int(mapped.group(1)) < 2 or int(mapped.group(2)) < 1:
        raise NotSeen(f"{mapped.group(0)} / {accepted.group(0)}: not before, or not enough", "build/run/secure.log")
    if c.qemu.linux.find(r"arm-smmu-v3", 0):
        raise NotSeen("Linux has found the SMMU, which is the hypervisor's", "build/run/linux.log")
    return (f"before authentication the hypervisor took {c.carveout:#x} from Linux and mapped {mapped.group(1)} ranges, from the "
            f"secure world's resource table, for {mapped.group(2)} stream{'' if mapped.group(2) == '1' else 's'}; Linux sees no SMMU")


def host_locked_out(c):
    """Root in Linux reads the live carve-out: the read ends in a bus error, and nothing else does."""
    c.mark()
    result = c.guest.run_once(f"devmem {c.carveout:#x} 32", 10)
    stopped = c.secure(rf"hypervisor: CPU \d+: access to {c.carveout:#x} stopped .*", 10, "the hypervisor stopped the access")
    if not result or result[0] == 0 or any(line.startswith("0x") for line in result[1]):
        raise NotSeen(f"devmem in Linux ended with {result}", "build/run/linux.log")
    return f"a read of {c.carveout:#x} by root: bus error ({re.sub(STAMP, '', stopped.group(0))}); {c.beats()}"


def cdsp_running(c):
    """The second core, started by the same stock driver, beside the first."""
    told = authenticated(c, 20, "cdsp")
    c.kernel(CDSP_UP, 15, "the second remote processor is up")
    if c.guest.read(f"{CDSP}/name") not in ("cdsp", "remoteproc-cdsp"):
        raise NotSeen(f"{CDSP} is not cdsp", "build/run/linux.log")
    c.state("running", remoteproc=CDSP)
    beats = c.beats(c.cdsp_heart)
    c.notes["cdsp"] = c.cdsp_heart.count(), c.qemu.linux.position(), c.qemu.secure.position()
    return f"stock driver: cdsp is up on another core; {beats}; {told}"


def both_at_once(c):
    """What happened to adsp happened to adsp alone: cdsp has counted on from where it was, and nobody spoke of it."""
    first, linux, secure = c.notes["cdsp"]
    for line, start, pattern in ((c.qemu.linux, linux, STAMP + r".*remoteproc1: .*$"),
                                 (c.qemu.secure, secure, f"^{STAMP}(?:cdsp: |shim: core 1: ).*$")):
        found = line.find(pattern, start)
        if found:
            raise NotSeen(f"cdsp did not stay as it was: {found.group(0)}", "both logs")
    c.state("running", remoteproc=CDSP)
    now = c.cdsp_heart.count()
    if now is None or first is None or now <= first:
        raise NotSeen(f"the count of cdsp was {first} before adsp crashed and is {now} now", "build/run/secure.log")
    return f"while adsp crashed and recovered, cdsp counted on from {first} to {now}; now adsp's {c.beats()}, " \
           f"cdsp's {c.beats(c.cdsp_heart)}"


def _refused_by_the_smmu(c, platform):
    """Who owns the SMMU says that it refused a write of the DMA master: Linux, or the hypervisor as soon as anything traps."""
    if c.options.arrangement != GUEST:
        return c.kernel(STAMP + r"arm-smmu-v3 .*F_PERMISSION.*sid: 0x8100\b.*$", 10, "the SMMU refused the write")
    c.guest.run(f"devmem {platform['VIRT_GICD']:#x} 32")
    return c.secure(rf"hypervisor: SMMU: stream {platform['VIRT_ADSP_MASTER_SID']:#x} \(adsp-dma\): event 0x13 at .*", 10,
                    "the SMMU refused the write")


def dma_master(c):
    """A device with DMA that the remote program drives: it reaches the buffer that was granted, and not another one."""
    platform, count = constants.platform(), c.remote["PIL_CTRL_DMA_BYTES"] // 8
    source, target = platform["VIRT_DMA_SOURCE"], platform["VIRT_DMA_TARGET"]
    words = [random.getrandbits(64) for _ in range(count)]
    c.fill(source, words)
    c.fill(target, [0] * count)
    c.mark()
    refused = c.copied(source, target)
    if refused or c.qemu.monitor.read_words(target, count) != words:
        raise NotSeen(f"what it copied did not arrive (refused: {refused})", "build/run/linux.log: event")
    refused = c.copied(target, source + 8 * count)
    line = c.secure(rf"shim: core 0: DMA master with stream {platform['VIRT_ADSP_MASTER_SID']:#x}, write to .*", 5,
                    "the write was to be refused")
    if refused != 2 or c.qemu.monitor.read_words(source + 8 * count, count) == words:
        raise NotSeen("it wrote what it may only read", "the SMMU's tables")
    event = _refused_by_the_smmu(c, platform)
    told = line.group(0).split("core 0: ", 1)[1]
    return f"it copied {8 * count} bytes where it may write; where it may only read: {told}; " \
           f"{event.group(0).split('] ', 1)[1].strip()}"


def adsp_confined(c):
    """On request the remote program reads RAM that Linux mapped for nobody."""
    c.mark()
    c.notes["crash"] = (c.linux_from, c.secure_from)
    address = c.remote["PIL_CTRL_UNMAPPED"]
    where = c.page + c.remote["PIL_CTRL_REQUEST"]
    c.guest.run_once(f"devmem {where:#x} 32 {c.remote['PIL_CTRL_READ_UNMAPPED']}", 10)
    fault = c.secure(rf"shim: core 0: read of {address:#x} at pc .* not mapped.*", 10,
                     f"the remote's access to {address:#x} was stopped")
    c.kernel(STAMP + r"remoteproc remoteproc0: crash detected in (?:remoteproc-)?adsp: type .*$", 10, "adsp crashed")
    reason = re.sub(STAMP, "", fault.group(0))
    return f"it read {address:#x}, which Linux did not map: stopped ({reason}); the driver reports the crash"


def adsp_recovered(c):
    """Recovery is the stock driver's own; nothing asks for it."""
    c.linux_from, c.secure_from = c.notes["crash"]
    crash = c.kernel(STAMP + r"remoteproc remoteproc0: crash detected in (?:remoteproc-)?adsp: .*$", 1, "adsp crashed")
    c.linux_from += crash.end()
    c.kernel(UP, 20, "the remote processor is up again")
    authenticated(c, 5)
    c.state("running")
    return f"the driver's own recovery brought it back; {c.beats()}"


def video_frame(c):
    """A core outside remoteproc: its own driver has it authenticated and started, and run a job that was computed here, too."""
    c.mark()
    platform, wanted = constants.platform(), c.notes["frame"]
    for name in video_core.NAMES:
        c.guest.run_once(f"insmod /modules/{name}.ko", 10)
    who = "a hypervisor" if c.options.arrangement == GUEST else "Linux"
    c.kernel(STAMP + rf"pilot-video video-codec: {who} maps its streams$", 10, "the video core's driver is there")
    c.guest.write(f"{video_core.DEVICE}/state", "start")
    told = authenticated(c, 20, "video")
    c.state("running", remoteproc=video_core.DEVICE)
    beats = c.beats(heart(c.qemu.monitor, platform, "video"))
    result = c.guest.run_once(video_core.run_job("/lib/firmware/frame"), 20)
    said = result[1][0].split()[0] if result and result[1] else "nothing"
    if said != video_core.digest(wanted) or video_core.read_frame(c.qemu.monitor, platform) != wanted:
        raise NotSeen(f"the guest got a frame with SHA-256 {said}; {video_core.digest(wanted)} was computed for it",
                      "build/run/secure.log: video, core 2")
    c.guest.write(f"{video_core.DEVICE}/state", "stop")
    c.secure(r"video: SHUTDOWN accepted: .*", 5, "it held the video core")
    return (f"the video core's own driver, no remoteproc, started it ({who} maps its streams; {told}); {beats}; a frame of "
            f"{video_core.WIDTH}x{video_core.HEIGHT} came back as computed outside of the guest: SHA-256 {said[:16]}...")


def adsp_stopped(c):
    """A graceful stop: the program acknowledged it before the core was held."""
    c.mark()
    c.guest.write(f"{REMOTEPROC}/state", "stop")
    c.kernel(STAMP + r"remoteproc remoteproc0: stopped remote processor (?:remoteproc-)?adsp$", 15, "adsp is stopped")
    c.secure(r"adsp: SHUTDOWN accepted: .*", 5, "it held the core")
    if c.qemu.linux.find(r"timed out on wait", c.linux_from):
        raise NotSeen("the program did not acknowledge the request to stop", "build/run/linux.log")
    c.state("offline")
    return f"ended gracefully through sysfs; {c.still()}"


def refused(c, image, reason, words):
    """@image is refused for @reason, in the secure log's words, when the driver is told to start it."""
    c.mark()
    c.state("offline")
    c.guest.write(f"{REMOTEPROC}/firmware", image)
    if c.guest.read(f"{REMOTEPROC}/firmware") != image:
        raise NotSeen(f"the driver did not take {image} as the next firmware", "build/run/linux.log")
    c.mark()
    c.guest.write(f"{REMOTEPROC}/state", "start")
    line = c.secure(r"adsp: (?:INIT_IMAGE|AUTH_AND_RESET) refused: (\w+): .*", 15, f"it refused {image}")
    if line.group(1) != reason:
        raise NotSeen(f"{image} was refused, but for {line.group(1)}, not {reason}", "build/run/secure.log")
    c.kernel(STAMP + r"remoteproc remoteproc0: Boot failed: -\d+$", 10, f"{image} did not start")
    c.state("offline")
    if c.qemu.linux.find(UP, c.linux_from):
        raise NotSeen(f"the driver says that {image} is up", "build/run/linux.log")
    c.still()
    told = line.group(0).split("refused: ", 1)[1]
    return f"{words}: refused and offline ({told})"


def forged_segment_refused(c):
    """One bit of a segment differs from what was signed."""
    return refused(c, images.FORGED_SEGMENT, "HASH_SEGMENT", "one flipped bit")


def foreign_root_refused(c):
    """Well signed, by somebody whom the device does not trust."""
    return refused(c, images.FOREIGN_ROOT, "CERT_ROOT", "signed under another root")


def wrong_device_refused(c):
    """Genuine, but for another SoC."""
    return refused(c, images.WRONG_DEVICE, "BIND_SOC", "signed for another SoC")


def adsp_again(c):
    """The refusals left nothing behind."""
    c.guest.write(f"{REMOTEPROC}/firmware", images.GENUINE)
    c.mark()
    c.guest.write(f"{REMOTEPROC}/state", "start")
    authenticated(c, 15)
    c.kernel(UP, 15, "the remote processor is up")
    c.state("running")
    return f"the genuine image starts after all that; {c.beats()}"


def power_off(c):
    """Linux asks the monitor to switch the machine off."""
    c.mark()
    c.guest.type("poweroff -f")
    # Linux says "Power down", but the machine may be off before its console has printed that
    c.secure("monitor: the host powers the system off", 20, "the host asked to power off")
    status = c.qemu.wait(c.by(20))
    if status != 0:
        told = "still runs" if status is None else f"ended with status {status}"
        raise NotSeen(f"QEMU {told}", "build/run/secure.log: did the monitor see SYSTEM_OFF?")
    return "Linux asked the monitor to power the machine off; QEMU's exit status is 0"


_OWNER = (
    ("secure-world", secure_world),
    ("linux-el2", linux_el2),
    ("adsp-authenticated", adsp_authenticated),
    ("adsp-running", adsp_running),
    ("cdsp-running", cdsp_running),
    ("dma-master", dma_master),
    ("adsp-confined", adsp_confined),
    ("adsp-recovered", adsp_recovered),
    ("both-at-once", both_at_once),
    ("video-frame", video_frame),
    ("adsp-stopped", adsp_stopped),
    ("forged-segment-refused", forged_segment_refused),
    ("foreign-root-refused", foreign_root_refused),
    ("wrong-device-refused", wrong_device_refused),
    ("adsp-again", adsp_again),
    ("power-off", power_off),
)


def _guest():
    """The steps under a hypervisor: Linux at another level, and two more."""
    steps = []
    for name, step in _OWNER:
        steps.append(("linux-el1", linux_el1) if step is linux_el2 else (name, step))
        if step is adsp_running:
            steps.append(("hypervisor-maps", hypervisor_maps))
        if step is cdsp_running:
            steps.append(("host-locked-out", host_locked_out))
    return tuple(steps)


_STEPS = {OWNER: _OWNER, GUEST: _guest()}


def _with_lite(steps):
    """A core that was started before Linux is to be seen before and after it."""
    (first, second, *others) = steps
    return (first, ("lite-before-linux", lite_runs), second, ("lite-taken-over", lite_taken_over), *others)


def steps_of(arrangement, with_video=True, with_lite=False):
    """(name, step) in their order; those of the video core need a kernel that its modules fit, those of a lite core a boot image."""
    steps = tuple((name, step) for name, step in _STEPS[arrangement] if with_video or step is not video_frame)
    return _with_lite(steps) if with_lite else steps
