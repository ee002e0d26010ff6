# SPDX-License-Identifier: BSD-2-Clause
"""Steps of a run with a boot image: a remote core and its DMA master are at work before Linux is, which then takes them over."""

from options import OWNER

_HINT = "build/run/secure.log: hypervisor, adsp-lite, core 0"


def runs(c, not_seen):
    """Before the host starts the secure world has accepted the image, its program says that it is up, and its DMA master has copied."""
    found = c.secure(r"hypervisor: adsp-lite: (?:the image at \S+ is not started: (.*)|runs before the host does, .*)", 30,
                     "the firmware says what became of the boot image")
    if found.group(1):
        raise not_seen(f"the boot image is not started: {found.group(1)}", _HINT)
    rounds, lost = c.qemu.monitor.read_words(c.page + c.remote["PIL_CTRL_ROUNDS"], 2)
    return f"accepted and started before Linux; its DMA master has copied {rounds} time{'' if rounds == 1 else 's'} ({lost} lost)"


def taken_over(c, not_seen):
    """The stock driver has stopped it; in between nobody was crashed, and the SMMU refused nothing."""
    lost = c.qemu.monitor.read_words(c.page + c.remote["PIL_CTRL_LOST"], 1)[0]
    line = c.secure(r"adsp-lite: SHUTDOWN accepted: was (\w+), .*", 60, "the stock driver stops what runs already")
    event = c.qemu.linux.find(r"arm-smmu-v3 .*\bevent\b.*$", c.linux_from)
    if line.group(1) != "RUNNING" or lost or event:
        raise not_seen(f"it was {line.group(1)}, {lost} of its master's copies did not arrive; event: {event and event.group(0)}",
                       _HINT)
    if c.options.arrangement != OWNER:
        return "it ran on while Linux booted, and the stock driver stopped it; nothing was lost, no event of the SMMU"
    why = c.secure(r"shim: core 0: waits for the SMMU's owner: (.*)", 5, "it waited while the SMMU changed hands").group(1)
    return f"it waited while the SMMU changed hands ({why}); the stock driver stopped it; nothing was lost, no event of the SMMU"
