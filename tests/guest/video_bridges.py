# SPDX-License-Identifier: BSD-2-Clause
"""The video core and SHM bridges, with a kernel that makes none by itself: a module makes them, or nobody does.

In arrangement guest they are the hypervisor's business: it has the metadata in a copy of its own, and that in a bridge.
"""

import bridges
from steps import STAMP, NotSeen

import images
from options import GUEST

NO_BRIDGE = "metadata in no bridge"


def _metadata(v):
    """What the secure log says of the metadata it took last."""
    return v.c.secure(r"video: INIT_IMAGE accepted: (.*)", 10, "the image's metadata was taken").group(1)


def _guest(v):
    """The host's own bridges are refused; the driver does without."""
    v.c.mark()
    result, _ = v.host().call("enable")
    if int(result) >= 0:
        raise NotSeen(f"a host under a hypervisor could enable bridges: {result}", "firmware/hypervisor/calls.c")
    v.fresh()
    told = _metadata(v)
    if NO_BRIDGE in told:
        raise NotSeen(f"the hypervisor's copy was in no bridge: {told}", "firmware/hypervisor/steps.c")
    return f"enabling got {result} in Linux; the hypervisor bridged its copy; {v.job(0)}"


def unbridged(v):
    """Where bridges are in force that this kernel's allocator knows nothing of, the start fails, and leaves nothing behind."""
    if v.c.options.arrangement == GUEST:
        return _guest(v)
    v.tell("stop")
    v.host().enable()
    v.c.mark()
    v.tell("start", 1)
    line = v.c.secure(r"scm: GET_RSCTABLE refused: PAS_NO_BRIDGE: .*", 30, "it refused the driver's call")
    v.state("offline")
    v.c.counts([(v.c.secure_count, r"video: \w+ accepted: ", 0)])
    return f"{line.group(0).split('] ', 1)[1]}; {v.still()}"


def exempt(v):
    """Metadata as the stock drivers of video cores hand it over needs no bridge."""
    if v.c.options.arrangement == GUEST:
        v.tell("stop")
    v.c.mark()
    pas_id = v.platform["VIRT_VIDEO_PAS_ID"]
    result, _ = v.host().call(f"metadata {pas_id:x} {images.VIDEO}")
    told = _metadata(v)
    v.host().call(f"shutdown {pas_id:x}")
    if int(result) or (NO_BRIDGE in told) == (v.c.options.arrangement == GUEST):
        raise NotSeen(f"INIT_IMAGE returned {result}: {told}", "build/guest/secure.log")
    return told


def inside(v):
    """With bridges over all of Linux's memory the driver works as before."""
    if v.c.options.arrangement != GUEST:
        v.host().enable()
        for base, size in bridges.gaps(v.host()):
            v.host().must_create(base, size)
    v.c.mark()
    v.tell("start")
    told = _metadata(v)
    beats = v.running()
    v.c.counts([(v.c.secure_count, r"\S+: \w+ refused: ", 0), (v.c.kernel_count, STAMP + "pilot-video .*: is up$", 1)])
    if NO_BRIDGE in told:
        raise NotSeen(f"the metadata was not where bridges are: {told}", "build/guest/secure.log")
    return f"{told}; {beats}; {v.job(1)}"


TESTS = (
    ("start_outside_bridges_fails_whole_or_is_the_hypervisors", unbridged),
    ("metadata_of_a_stock_video_driver_needs_no_bridge", exempt),
    ("core_starts_inside_bridges", inside),
)
