#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The peripheral authentication service in OP-TEE, with the commands of the kernel's qcom_pas_tee. Prints TAP.

On the stock kernel, which has no qcom_pas_tee, a module for tests gives the same commands. With --kernel on the kernel that
scripts/setup/newer_kernel.py gets, which has it: the commands come from qcom_pas_tee and mdt_loader themselves.
"""

import os
import struct
import sys

import tee_guest			# first: it says where the others are
import containers
import images
import modules
import options as machine_options
import tee_call
from context import STAMP, NotSeen
from heartbeat import Heartbeat
from paths import BUILD, IMAGES, PARTS, Trouble, built
from tap import Tap
from tee_call import ACCESS_DENIED, BAD_PARAMETERS, SUCCESS, value, wide

SUPPORTED, CAPABILITIES, INIT, MEM_SETUP, TABLE, AUTH, STATE, SHUTDOWN = range(1, 9)	# include/pilot/wire/tee_pas.h
SUSPEND, RESUME = 0, 1
# memory that is not there: in, and in and out
NOTHING, NOTHING_BACK = "e:0", "b:0"
UNKNOWN = 7			# a PAS id that this machine has no processor for
RPROC_LOAD, RPROC_RELEASE, RPROC_ATTACH = 1, 6, 0x103
PROGRAM = "m0.elf"		# it needs nothing but its own memory
GENUINE, FORGED = "m33.mbn", "m33-forged.mbn"
# what the metadata of an image is made of: include/linux/soc/qcom/mdt_loader.h
_TYPE_MASK, _TYPE_HASH = 7 << 24, 2 << 24
_PT_LOAD = 1
NEWER, NEWER_MODULES = os.path.join(PARTS, "newer-kernel"), os.path.join(BUILD, "modules-newer")
DEBUGFS = "/sys/kernel/debug/pilot_pas_tee"


def segments(image):
    """Program headers of an ELF32 image: (type, offset, vaddr, paddr, filesz, memsz, flags, align)."""
    phoff, = struct.unpack_from("<I", image, 28)
    size, count = struct.unpack_from("<HH", image, 42)
    return [struct.unpack_from("<8I", image, phoff + number * size) for number in range(count)]


def metadata(image):
    """ELF header and program headers, and the hash segment behind them, as mdt_loader puts them together."""
    headers = segments(image)
    hashes = next(one for one in headers if one[6] & _TYPE_MASK == _TYPE_HASH)
    return image[:headers[0][4]] + image[hashes[1]:hashes[1] + hashes[4]]


def make_images(tee, directory):
    """Sign the program for m33, and forge one bit of it. Returns paths: images, and the metadata of each."""
    os.makedirs(directory, exist_ok=True)
    genuine, forged = (os.path.join(directory, name) for name in (GENUINE, FORGED))
    images.sign(built(PROGRAM), genuine, images.genuine_keys(), tee["VIRT_TEE_M33_SW_ID"])
    image = modules.read_file(genuine)
    with open(forged, "wb") as out:
        out.write(images.flip_one_bit(image)[0])
    for path in (genuine, forged):
        with open(path + ".md", "wb") as out:
            out.write(metadata(modules.read_file(path)))
    return [path + end for path in (genuine, forged) for end in ("", ".md")]


class Direct:
    """The commands from the module for tests. Each method returns 0 or the TEE's result."""

    def __init__(self, machine):
        self._call, self._tee = machine.call, machine.tee
        self.session, result = machine.call.open(tee_guest.PAS_UUID)
        if result:
            raise Trouble(f"OP-TEE has no PAS service: {result:#x}")

    def give(self, command, *params):
        """One command: the Reply."""
        reply = self._call.invoke(self.session, command, *params)
        if reply.error:
            raise Trouble(f"the kernel refuses command {command}: {reply.error}")
        return reply

    def supported(self, pas_id):
        """IS_SUPPORTED."""
        return self.give(SUPPORTED, value(pas_id)).result

    def load(self, pas_id, name):
        """INIT_IMAGE, MEM_SETUP and, as Linux does it between, the segments."""
        base, size = self._tee["VIRT_TEE_M33_NS"], self._tee["VIRT_TEE_M33_NS_SIZE"]
        result = self.give(INIT, value(pas_id), tee_call.file(f"/lib/firmware/{name}.md")).result
        result = result or self.give(MEM_SETUP, value(pas_id, size), wide(base)).result
        headers = [one for one in segments(modules.read_file(os.path.join(tee_guest.BUILD, "guest-tee", "pas-images", name)))
                   if one[0] == _PT_LOAD and one[6] & _TYPE_MASK != _TYPE_HASH]
        lowest = min(one[3] for one in headers)
        for one in headers:
            if one[4] and not result:
                self._call.put(base + one[3] - lowest, f"/lib/firmware/{name}", one[1], one[4])
        return result

    def start(self, pas_id):
        """AUTH_AND_RESET."""
        return self.give(AUTH, value(pas_id), value(), NOTHING).result

    def resources(self, pas_id):
        """GET_RESOURCE_TABLE, asked twice as Linux does; a table of another version than 1 is none."""
        needed = self.give(TABLE, value(pas_id), NOTHING_BACK).memory[0][0]
        reply = self.give(TABLE, value(pas_id), f"q:{needed:x}")
        return reply.result or struct.unpack_from("<I", reply.memory[0][2])[0] - 1

    def state(self, pas_id, state):
        """SET_REMOTE_STATE."""
        return self.give(STATE, value(pas_id, state)).result

    def shutdown(self, pas_id):
        """SHUTDOWN."""
        return self.give(SHUTDOWN, value(pas_id)).result


class Kernel:
    """The commands from qcom_pas_tee and mdt_loader. Each method returns 0 or the kernel's error."""

    def __init__(self, machine):
        self._machine = machine
        for name in ("mdt_loader", "qcom_pas_tee", "pilot_pas_tee"):
            status, lines = machine.guest.run(f"[ -d /sys/module/{name} ] || insmod /modules/{name}.ko", 60)
            if status:
                raise Trouble(f"the guest does not load {name}: {' '.join(lines)}")

    def _ask(self, command):
        self._machine.mark()
        self._machine.guest.run_once(f"echo {command} > {DEBUGFS}", 120)
        name = command.split()[0]
        found = self._machine.kernel(STAMP + rf"pilot_pas_tee: {name} [0-9a-f]+: (-?\d+)", 20, f"it did: {command}")
        return int(found.group(1))

    def supported(self, pas_id):
        """qcom_pas_supported()."""
        return 0 if self._ask(f"supported {pas_id:x}") == 1 else BAD_PARAMETERS

    def load(self, pas_id, name):
        """qcom_mdt_pas_load()."""
        tee = self._machine.tee
        return self._ask(f"load {pas_id:x} {tee['VIRT_TEE_M33_NS']:x} {tee['VIRT_TEE_M33_NS_SIZE']:x} {name}")

    def resources(self, _pas_id):
        """qcom_pas_get_rsc_table()."""
        return self._ask("resources")

    def start(self, _pas_id):
        """qcom_pas_prepare_and_auth_reset()."""
        return self._ask("start")

    def state(self, pas_id, state):
        """qcom_pas_set_remote_state()."""
        return self._ask(f"{'resume' if state else 'suspend'} {pas_id:x}")

    def shutdown(self, pas_id):
        """qcom_pas_shutdown()."""
        return self._ask(f"shutdown {pas_id:x}")


def want(result, expected, what):
    """@result must be @expected, or anything but success when that is None."""
    if (result == SUCCESS if expected is None else result != expected):
        raise NotSeen(f"{what}: {result & 0xFFFFFFFF:#x}", "secure.log")


def it_says_what_it_serves(m):
    """Both processors by their PAS ids, and no other."""
    want(m.pas.supported(m.m33), SUCCESS, "IS_SUPPORTED of m33")
    want(m.pas.supported(m.tee["VIRT_TEE_M0_PAS_ID"]), SUCCESS, "IS_SUPPORTED of m0")
    want(m.pas.supported(UNKNOWN), None, "IS_SUPPORTED of nobody")
    return f"{m.m33} and {m.tee['VIRT_TEE_M0_PAS_ID']}, not {UNKNOWN}"


def run(m):
    """The genuine program, from nothing to a heartbeat."""
    want(m.pas.load(m.m33, GENUINE), SUCCESS, "metadata and memory")
    want(m.pas.start(m.m33), SUCCESS, "AUTH_AND_RESET")
    seen = m.heart.advances(30)
    if not seen:
        raise NotSeen("no heartbeat of m33", "secure.log: shim, stub")
    return f"it beats {seen[0]} to {seen[1]}"


def an_image_is_authenticated_and_runs(m):
    """Metadata, memory, segments, authentication: the program proves itself, though Linux has its power domain off."""
    return run(m)


def what_the_host_writes_later_changes_nothing(m):
    """The carve-out is the host's, the copy that runs is not."""
    m.call.put(m.tee["VIRT_TEE_M33_NS"], "/bin/busybox", 0, 0x4000)
    seen = m.heart.advances(20)
    if not seen:
        raise NotSeen("it does not beat any more", "secure.log: shim")
    return f"16 KiB of something else in its carve-out, it beats {seen[0]} to {seen[1]}"


def it_is_suspended_and_resumed(m):
    """SET_REMOTE_STATE."""
    before = m.heart.count()
    want(m.pas.state(m.m33, SUSPEND), SUCCESS, "suspend")
    still = m.heart.stands_still(1)
    if still is None:
        raise NotSeen("it beats while it is suspended", "secure.log: stub")
    want(m.pas.state(m.m33, RESUME), SUCCESS, "resume")
    seen = m.heart.advances(20)
    if not seen or seen[0] < before:
        raise NotSeen(f"after resume: {seen}", "secure.log: stub")
    return f"stands still at {still}, then beats {seen[0]} to {seen[1]}"


def remoteproc_has_to_wait(m):
    """While this service has the core, the other one does not get it."""
    session, result = m.call.open(tee_guest.REMOTEPROC_UUID, value(0))
    want(result, SUCCESS, "a session with the remoteproc service")
    reply = m.call.invoke(session, RPROC_LOAD, value(0), tee_call.file("/lib/firmware/" + containers.M33))
    want(reply.result, tee_call.BAD_STATE, "LOAD of the other service")
    want(m.call.invoke(session, RPROC_ATTACH, value(0)).result, tee_call.BUSY, "its ATTACH")
    m.call.close(session)
    seen = m.heart.advances(20)
    if not seen:
        raise NotSeen("it does not beat any more", "secure.log")
    return f"LOAD is refused, ATTACH answers busy; it beats {seen[0]} to {seen[1]}"


def shutdown_ends_it(m):
    """SHUTDOWN."""
    want(m.pas.shutdown(m.m33), SUCCESS, "SHUTDOWN")
    still = m.heart.stands_still(1)
    if still is None:
        raise NotSeen("it still beats", "secure.log: stub")
    return f"stands still at {still}"


def a_forged_image_is_refused(m):
    """One bit of a segment: the host's loader sees nothing wrong, AUTH_AND_RESET does."""
    want(m.pas.load(m.m33, FORGED), SUCCESS, "metadata and memory of the forged image")
    m.mark()
    want(m.pas.start(m.m33), None, "AUTH_AND_RESET of the forged image")
    m.decided(r"m33: AUTH_AND_RESET refused: HASH_SEGMENT: .*", "it refused it by name")
    if m.heart.stands_still(1) is None:
        raise NotSeen("something beats", "secure.log")
    return f"refused, nothing runs; then the genuine one: {run(m)}; {shutdown_ends_it(m)}"


def it_waits_for_remoteproc(m):
    """While the other service has the core, this one does not get it; after that it does."""
    session, result = m.call.open(tee_guest.REMOTEPROC_UUID, value(0))
    want(result, SUCCESS, "a session with the remoteproc service")
    want(m.call.invoke(session, RPROC_LOAD, value(0), tee_call.file("/lib/firmware/" + containers.M33)).result, SUCCESS, "its LOAD")
    loaded = m.pas.load(m.m33, GENUINE)
    started = m.pas.start(m.m33) if loaded == SUCCESS else loaded
    want(started, None, "AUTH_AND_RESET while the other service has the core")
    want(m.call.invoke(session, RPROC_RELEASE, value(0)).result, SUCCESS, "its RELEASE")
    m.call.close(session)
    return f"refused; after RELEASE: {run(m)}; {shutdown_ends_it(m)}"


def a_resource_table_is_there(m):
    """For an image that has none of its own, too; before its memory is known, as Linux asks."""
    want(m.pas.load(m.m33, GENUINE), SUCCESS, "metadata and memory")
    want(m.pas.resources(m.m33), SUCCESS, "GET_RESOURCE_TABLE")
    want(m.pas.start(m.m33), SUCCESS, "AUTH_AND_RESET")
    return f"version 1; {shutdown_ends_it(m)}"


def commands_tell_the_truth(m):
    """CAPABILITIES, and wrong types, ids and places refused."""
    reply = m.pas.give(CAPABILITIES, value(m.m33), "o")
    want(reply.result, SUCCESS, "CAPABILITIES")
    capabilities = reply.values[1][0]
    wrong = [(CAPABILITIES, ()), (CAPABILITIES, (value(UNKNOWN), "o")), (INIT, (value(m.m33),)), (INIT, (value(m.m33), value())),
             (INIT, (value(m.m33), tee_call.data(b"\0"))), (INIT, (value(UNKNOWN), tee_call.data(bytes(64)))),
             (MEM_SETUP, (value(m.m33, 0x1000), wide(m.tee["VIRT_TEE_M33_MEM"]))), (MEM_SETUP, (value(m.m33, 0x1000), wide(1 << 60))),
             (AUTH, (value(m.m33), value())), (STATE, (value(m.m33, 2),)), (STATE, (value(UNKNOWN, 0),)), (SHUTDOWN, (value(UNKNOWN),)),
             (0, ()), (9, (value(m.m33),)), (0x80000001, ())]
    for command, params in wrong:
        reply = m.pas.give(command, *params)
        want(reply.result, None, f"command {command:#x} with {params}")
    want(m.call.open(tee_guest.PAS_UUID, login="public")[1], ACCESS_DENIED, "a session of user space's kind")
    m.no_panic()
    return f"capabilities {capabilities:#x}, {len(wrong)} wrong commands refused"


BOTH = (it_says_what_it_serves, an_image_is_authenticated_and_runs, what_the_host_writes_later_changes_nothing,
        it_is_suspended_and_resumed, remoteproc_has_to_wait, shutdown_ends_it, a_forged_image_is_refused, it_waits_for_remoteproc,
        a_resource_table_is_there)


def newer():
    """(machine's options, files of the guest's, where the module for TA calls is) with the kernel that has qcom_pas_tee."""
    version, image = machine_options.load_kernel(NEWER)
    chosen = tee_guest.options(kernel=NEWER, kernel_version=version, image=image)
    files = [(f"modules/{name}.ko", modules.read_file(os.path.join(NEWER, "modules", f"{name}.ko")))
             for name in ("mdt_loader", "qcom_pas_tee")]
    files.append(("modules/pilot_pas_tee.ko", modules.read_file(os.path.join(NEWER_MODULES, "pas_tee", "pilot_pas_tee.ko"))))
    return chosen, files, os.path.join(NEWER_MODULES, "tee_call", "pilot_tee_call.ko")


def main():
    """Entry point."""
    tap = Tap()
    kernels_own = "--kernel" in sys.argv[1:]
    try:
        containers.make()
        tee = tee_guest.constants.tee_platform()
        made = make_images(tee, os.path.join(BUILD, "guest-tee", "pas-images"))
        chosen, files, call_module = newer() if kernels_own else (tee_guest.options(), (), tee_call.BUILT)
        with tee_guest.machine("pas-newer" if kernels_own else "pas", chosen, more_images=[*made, os.path.join(IMAGES, containers.M33)],
                               more_files=files, variant=("RPROC_TEE_UNSUPPLIED",), call_module=call_module) as m:
            m.pas = Kernel(m) if kernels_own else Direct(m)
            m.m33 = tee["VIRT_TEE_M33_PAS_ID"]
            m.heart = Heartbeat(m.qemu.monitor, tee["VIRT_TEE_M33_CTRL"], m.remote, modules.read_file(built(PROGRAM)))
            for test in BOTH + (() if kernels_own else (commands_tell_the_truth,)):
                tap.test(test.__name__, test, m)
    except Trouble as error:
        print(f"Bail out! {error}")
        return 1
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
