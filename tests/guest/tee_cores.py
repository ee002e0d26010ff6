#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Remote cores in arrangement tee: the PTA, the stub and the shim, against TAs that pass on whatever a test gives them. Prints TAP.

Believed are memory read from outside through QEMU, whole lines of the secure log, registers of the interrupt controller, and the PTA's
answers where they are what is tested.
"""

import struct
import sys
import time

import tee_guest			# first: it says where the others are
import constants
import modules
import tee_call
from context import NotSeen
from paths import BUILD, Trouble, built
from tap import Tap
from tee_call import ACCESS_DENIED, BAD_PARAMETERS, BAD_STATE, BUSY, NONE, OUT, SUCCESS, data, room, value, wide

FORWARD = f"{BUILD}/tee/forward.fip"		# scripts/build_tee.sh --tests
REMOTEPROC, PAS = tee_guest.REMOTEPROC_UUID, tee_guest.PAS_UUID
EVENTS = "5c1f0c5e-96f1-4d5b-9d0b-31f4a1c6a7de"
STRANGER = "0b5ce6a4-0f3e-4d06-a35c-544d0e6f7b21"
UNPOWERED = ("RPROC_TEE_UNPOWERED",)		# Linux does not know of power domains, so it switches none off
M33, M0 = 0, 1
# include/pilot/wire/tee_board.h
INFO, CLAIM, RELEASE, WRITE, ZERO, READ, START, STOP, STATE, POWER, WAIT = range(1, 12)
COUNTER_READ, COUNTER_ADVANCE, FUSES, LOG, TIME, KEEP, TRACE = range(12, 19)
HELD, RUNNING, CRASHED = 0, 1, 2
EVENT_NONE, EVENT_CRASHED, EVENT_WATCHDOG = 0, 1, 2
HOST_MEMORY = 1
# TEE Internal Core API
ITEM_NOT_FOUND, NOT_IMPLEMENTED, NOT_SUPPORTED, SHORT_BUFFER = 0xFFFF0008, 0xFFFF0009, 0xFFFF000A, 0xFFFF0010
PENDING = 0x08000200				# GICD_ISPENDR of virt
# A64 instructions
MASK_ALL, LOOP, SMC, RETURN_ERET = 0xD5034FDF, 0x14000000, 0xD4000003, 0xD69F03E0
LOAD_X1_X0, STORE_X1_X0, JUMP_X0, HVC = 0xF9400001, 0xF9000001, 0xD61F0000, 0xD4000002


def code(*words):
    """Instructions as they lie in memory."""
    return struct.pack(f"<{len(words)}I", *words)


def move(register, number):
    """Instructions that give a register a number of 48 bits."""
    return [0xD2800000 | (number & 0xFFFF) << 5 | register,
            0xF2A00000 | (number >> 16 & 0xFFFF) << 5 | register, 0xF2C00000 | (number >> 32 & 0xFFFF) << 5 | register]


class Board:
    """One session with the PTA, through a TA that passes everything on."""

    def __init__(self, machine, uuid=PAS):
        self.machine = machine
        self.session, result = machine.call.open(uuid)
        if result:
            raise NotSeen(f"no session through {uuid}: {result:#x}", "secure.log")

    def ask(self, command, *params, seconds=120):
        """The TEE's result and the values and memory that came back."""
        reply = self.machine.call.invoke(self.session, command, *params, seconds=seconds)
        if reply.error:
            raise NotSeen(f"command {command}: the kernel answers {reply.error}", "linux.log: optee")
        return reply

    def want(self, expected, command, *params):
        """The reply, whose result must be @expected."""
        reply = self.ask(command, *params)
        if reply.result != expected:
            raise NotSeen(f"command {command} {' '.join(params)[:60]}: {reply.result:#x}, not {expected:#x}", "secure.log")
        return reply

    def do(self, command, *params):
        """The reply of a command that must succeed."""
        return self.want(SUCCESS, command, *params)

    def state(self, core):
        """(what the core does, whether its program has called ready)."""
        return self.do(STATE, value(core), OUT).values[-1]

    def expect_state(self, core, wanted, seconds=20):
        """The core does that, at last."""
        until = time.monotonic() + seconds
        while (found := self.state(core)[0]) != wanted:
            if time.monotonic() > until:
                raise NotSeen(f"{tee_guest.CORES[core]} is in state {found}, not {wanted}", "secure.log: shim, stub")
            time.sleep(0.1)

    def expect_ready(self, core, seconds=30):
        """Its program has called ready."""
        until = time.monotonic() + seconds
        while self.state(core) != (RUNNING, 1):
            if time.monotonic() > until:
                raise NotSeen(f"{tee_guest.CORES[core]} does not get ready", "secure.log: shim, stub")
            time.sleep(0.1)

    def write(self, core, address, content):
        """Into what will run."""
        self.do(WRITE, value(core), wide(address), data(content))

    def load(self, core):
        """The genuine program, segment by segment, and its entry point."""
        self.do(CLAIM, value(core))
        for number, (address, _) in enumerate(self.machine.programs[core][0]):
            self.do(WRITE, value(core), wide(address), tee_call.file(path_of(core, number)))
        return self.machine.programs[core][1]

    def start(self, core):
        """Load and start the genuine program, and see it beat."""
        self.do(START, value(core), wide(self.load(core)), value(0))
        self.expect_ready(core)
        return self.machine.beats(core)

    def run(self, core, instructions):
        """Have the core execute just that."""
        base = self.machine.tee["VIRT_TEE_DA_MEM"]
        self.do(CLAIM, value(core))
        self.do(STOP, value(core))
        self.write(core, base, code(*instructions))
        self.do(START, value(core), wide(base), value(0))

    def close(self):
        """End the session, and with it its claims."""
        self.machine.call.close(self.session)


def path_of(core, number):
    """Where the guest finds a segment of a core's program."""
    return f"/root/{tee_guest.CORES[core]}.{number}"


def programs():
    """[(segments, entry)] of the cores' genuine programs, and the files that the guest gets for them."""
    sys.path.insert(0, f"{tee_guest.TOP}/boards/virt/stub")
    import image				# noqa: PLC0415: it takes its modules from where tee_guest put them
    found = [image.segments(modules.read_file(built(f"{name}.elf"))) for name in tee_guest.CORES]
    files = [(path_of(core, number).lstrip("/"), content)
             for core, (segments, _) in enumerate(found) for number, (_, content) in enumerate(segments)]
    return found, files


def strangers_get_no_session(m):
    """Neither a TA that is none of Pilot's nor Linux itself reaches the PTA, and nobody gives parameters."""
    for uuid in (STRANGER, "2f1cb9ce-6b34-4d0e-8d7f-6a0d6e0f3a51"):
        _, result = m.call.open(uuid)
        if result != ACCESS_DENIED:
            raise NotSeen(f"{uuid}: {result:#x}", "secure.log")
    _, result = m.call.open(PAS, value(0))
    if result != BAD_PARAMETERS:
        raise NotSeen(f"a session with parameters: {result:#x}", "secure.log")
    return "a TA with another UUID and Linux itself are denied; a session has no parameters"


PARAMETERS = {
    # what each command takes; the values are harmless
    INFO: (value(M33), room(0x1000)), CLAIM: (value(M33),), RELEASE: (value(M33),), WRITE: (value(M33), value(), data(b"1234")),
    ZERO: (value(M33), value(), value()), READ: (value(M33), value(), room(16)), START: (value(M33), value(), value()),
    STOP: (value(M33),), STATE: (value(M33), OUT), POWER: (value(M33), value()), COUNTER_READ: (value(1), OUT),
    COUNTER_ADVANCE: (value(1),), FUSES: (room(0x1000),), LOG: (data(b"a line"),), TIME: (OUT,),
    KEEP: (value(M33),), TRACE: (value(M33), value(), value()),
}
KINDS = (NONE, value(), OUT, "x:0:0", data(b"12345678"), room(64), "q:40")


def parameters_of_every_wrong_kind_are_refused(m):
    """Each command with each of its parameters replaced by every other kind, and with one too many."""
    board, tried = Board(m), 0
    for command, right in PARAMETERS.items():
        padded = [*right, *[NONE] * (4 - len(right))]
        for place in range(4):
            for kind in KINDS:
                if kind.partition(":")[0] == padded[place].partition(":")[0]:
                    continue
                board.want(BAD_PARAMETERS, command, *padded[:place], kind, *padded[place + 1:])
                tried += 1
    for command in (0, 19, 100, 0xFFFFFFFF):
        board.want(NOT_IMPLEMENTED, command, value(M33))
    board.want(ACCESS_DENIED, WAIT, value(M33), OUT)
    board.close()
    m.no_panic()
    return f"{tried} calls refused with BAD_PARAMETERS; commands that there are not, and another TA's, too"


def numbers_out_of_range_are_refused(m):
    """Processors that do not exist, addresses and lengths at every edge, with a claim and without."""
    board, tee, tried = Board(m), m.tee, 0
    base, size = tee["VIRT_TEE_DA_MEM"], tee["VIRT_TEE_M0_MEM_SIZE"]
    for core in (2, 3, 0x7FFFFFFF, 0xFFFFFFFF):
        for command in (INFO, CLAIM, RELEASE, WRITE, ZERO, READ, START, STOP, STATE, POWER):
            board.want(ITEM_NOT_FOUND, command, value(core), *PARAMETERS[command][1:])
            tried += 1
    for command in (RELEASE, WRITE, ZERO, READ, START, STOP, POWER):
        board.want(ACCESS_DENIED, command, value(M0), *PARAMETERS[command][1:])
    board.do(CLAIM, value(M0))
    for at in (0, base - 1, base + size, base + size - 1, tee["VIRT_TEE_DA_IPC"], tee["VIRT_TEE_DA_CTRL"], tee["VIRT_TEE_DA_DOORBELL"],
               tee["VIRT_TEE_M0_MEM"], tee["VIRT_TEE_OPTEE"], (1 << 64) - 1, (1 << 64) - 2):
        board.want(ACCESS_DENIED, WRITE, value(M0), wide(at), data(b"12"))
        board.want(ACCESS_DENIED, ZERO, value(M0), wide(at), wide(2))
        board.want(ACCESS_DENIED, READ, value(M0, 0), wide(at), room(2))
        tried += 3
    for length in (size + 1, 1 << 63, (1 << 64) - 1, (1 << 64) - base, (1 << 64) - base + 1):
        board.want(ACCESS_DENIED, ZERO, value(M0), wide(base), wide(length))
    for offset in (size, size - 1, (1 << 64) - 1):
        board.want(ACCESS_DENIED, READ, value(M0, 1), wide(offset), room(2))
    for entry in (base - 4, base + size, base + 2, 0, (1 << 64) - 4):
        board.want(BAD_PARAMETERS, START, value(M0), wide(entry), value(0))
    board.want(BAD_PARAMETERS, START, value(M0), wide(base), value(2))
    board.want(BAD_PARAMETERS, READ, value(M0, 2), wide(base), room(2))
    board.want(BAD_PARAMETERS, POWER, value(M0), value(2))
    board.want(BAD_PARAMETERS, RELEASE, value(M0, 2))
    for command, params in ((INFO, (value(M0), room(100))), (FUSES, (room(255),))):
        if board.want(SHORT_BUFFER, command, *params).memory[0][0] <= 100:
            raise NotSeen(f"command {command} does not say how much it needs", "secure.log")
    board.do(WRITE, value(M0), wide(base + size - 2), data(b"12"))
    board.close()
    m.no_panic()
    return f"{tried} and more calls refused, each with its own result; the last two bytes may be written"


def both_cores_run_and_one_stops(m):
    """Two programs at once; a forced stop of one leaves the other alone."""
    board = Board(m)
    told = f"{board.start(M33)}; {board.start(M0)}"
    board.do(STOP, value(M33))
    if board.state(M33) != (HELD, 0):
        raise NotSeen(f"m33 is {board.state(M33)} after its stop", "secure.log")
    told += f"; {m.still(M33)}; {m.beats(M0)}"
    board.close()
    return f"{told}; with its session {m.still(M0)}"


def a_claim_is_exclusive(m):
    """What one session has claimed another neither changes nor stops; what runs nobody loads into."""
    board, other = Board(m), Board(m, REMOTEPROC)
    entry = board.load(M0)
    other.want(BUSY, CLAIM, value(M0))
    board.do(START, value(M0), wide(entry), value(0))
    board.expect_ready(M0)
    for command in (RELEASE, WRITE, ZERO, READ, START, STOP, POWER):
        other.want(ACCESS_DENIED, command, value(M0), *PARAMETERS[command][1:])
    board.want(BAD_STATE, WRITE, value(M0), wide(m.tee["VIRT_TEE_DA_MEM"]), data(b"12"))
    board.want(BAD_STATE, ZERO, value(M0), wide(m.tee["VIRT_TEE_DA_MEM"]), wide(2))
    board.want(BAD_STATE, START, value(M0), wide(entry), value(0))
    if other.state(M0) != (RUNNING, 1):
        raise NotSeen("another session does not see that m0 runs", "secure.log")
    told = m.beats(M0)
    board.close()
    other.do(CLAIM, value(M0))
    if any(other.do(READ, value(M0, 0), wide(entry), room(64)).memory[0][2]):
        raise NotSeen("the next session reads what was there", "optee/pta/memory.c")
    other.close()
    return f"{told} while another session tries everything; the next one finds zeros"


def a_program_left_running_is_found_again(m):
    """A session gives its claim up and the core goes on; the next session claims it as it is."""
    board = Board(m)
    board.start(M0)
    board.do(RELEASE, value(M0, 1))
    board.close()
    told = m.beats(M0)
    board = Board(m)
    board.do(CLAIM, value(M0))
    board.want(BAD_STATE, WRITE, value(M0), wide(m.tee["VIRT_TEE_DA_MEM"]), data(b"12"))
    m.beats(M0)
    board.do(STOP, value(M0))
    told += f"; after a new session's stop {m.still(M0)}"
    board.close()
    return told


def a_program_that_masks_everything_is_stopped(m):
    """The stop arrives at EL3, and no program masks that."""
    board = Board(m)
    tried = {"a loop with all interrupts masked": [MASK_ALL, LOOP], "calls without end": [MASK_ALL, HVC, 0x17FFFFFF]}
    for what, instructions in tried.items():
        board.run(M0, instructions)
        board.expect_state(M0, RUNNING)
        board.do(STOP, value(M0))
        if board.state(M0) != (HELD, 0):
            raise NotSeen(f"{what}: m0 is {board.state(M0)}", "secure.log")
    told = board.start(M0)
    board.close()
    return f"{' and '.join(tried)} stopped; then {told}"


def memory_that_is_not_granted_is_out_of_reach(m):
    """A program that reads, writes or executes elsewhere ends there, and the secure log says where."""
    board, events, tee = Board(m), Board(m, EVENTS), m.tee
    attempts = [("read of", address, [LOAD_X1_X0]) for address in
                (tee["VIRT_TEE_OPTEE"], tee["VIRT_TEE_MAILBOX"], tee["VIRT_TEE_M33_MEM"], tee["VIRT_TEE_M0_MEM"], tee["VIRT_TEE_M33_NS"],
                 m.remote["PIL_CTRL_UNMAPPED"], tee["VIRT_TEE_DA_IPC"], tee["VIRT_TEE_DA_MEM"] + tee["VIRT_TEE_M0_MEM_SIZE"])]
    attempts += [("write to", tee["VIRT_TEE_DA_DOORBELL"], [STORE_X1_X0]), ("execution of", tee["VIRT_TEE_DA_CTRL"], [JUMP_X0])]
    for what, address, instructions in attempts:
        m.mark()
        board.run(M0, [*move(0, address), *instructions, LOOP])
        m.secure_line(rf"core 1: {what} {address:#x} at pc 0x[0-9a-f]+: .*", f"the {what} {address:#x} was refused")
        board.expect_state(M0, CRASHED)
        event, _ = events.ask(WAIT, value(M0, 20000), OUT).values[-1]
        if event != EVENT_CRASHED:
            raise NotSeen(f"{what} {address:#x}: event {event}", "secure.log")
    m.mark()
    board.run(M0, [SMC, LOOP])
    m.secure_line(r"core 1: instruction that is not allowed, .*", "a program's own SMC was refused")
    board.expect_state(M0, CRASHED)
    board.close()
    events.close()
    return f"{len(attempts)} addresses, each named in the secure log and told as a crash; a program's SMC too"


def a_watchdog_that_bites_tells_everybody(m):
    """A session that waits is woken, and Linux gets the watchdog's interrupt."""
    board, events = Board(m), Board(m, EVENTS)
    board.start(M0)
    if events.do(WAIT, value(M0, 300), OUT).values[-1] != (EVENT_NONE, 0):
        raise NotSeen("an event before there was one", "optee/pta/events.c")
    m.clear_pending(m.tee["VIRT_TEE_SPI_M0_WDOG"])
    m.request(M0, "PIL_CTRL_HANG", delay=2)
    began = time.monotonic()
    event, count = events.ask(WAIT, value(M0), OUT).values[-1]
    took = time.monotonic() - began
    if event != EVENT_WATCHDOG or not count:
        raise NotSeen(f"event {event}, {count}", "secure.log: shim, stub")
    board.expect_state(M0, CRASHED)
    m.is_pending(m.tee["VIRT_TEE_SPI_M0_WDOG"])
    told = board_again(board, M0)
    board.close()
    events.close()
    return f"waited {took:.1f} s for the bite, number {count}; SPI {m.tee['VIRT_TEE_SPI_M0_WDOG']} is pending; {told}"


def board_again(board, core):
    """The core that has crashed runs again."""
    board.do(STOP, value(core))
    return f"then {board.start(core)}"


def suspend_keeps_all_it_has(m):
    """A core that is suspended executes nothing, and goes on where it was."""
    board = Board(m)
    board.start(M0)
    board.do(POWER, value(M0), value(0))
    told = m.still(M0)
    before = m.hearts[M0].count()
    if board.state(M0) != (RUNNING, 1):
        raise NotSeen(f"a suspended core is {board.state(M0)}", "secure.log")
    board.do(POWER, value(M0), value(1))
    m.beats(M0)
    after = m.hearts[M0].count()
    if before is not None and after < before:
        raise NotSeen(f"the heartbeat began anew: {before}, then {after}", "secure.log")
    board.do(POWER, value(M0), value(0))
    board.do(STOP, value(M0))
    board.want(BAD_STATE, POWER, value(M0), value(1))
    board.close()
    return f"{told}, went on to {after}; one that is suspended can be stopped"


def the_doorbell_rings_both_ways(m):
    """The host's ring reaches the program, whose own counter and interrupt answer."""
    board, channel = Board(m), m.doorbell["PIL_DOORBELL_SHUTDOWN"]
    board.start(M0)
    page, irq = m.tee["VIRT_TEE_M0_DOORBELL"], m.tee["VIRT_TEE_SPI_M0_DOORBELL"]
    answer = page + m.doorbell["PIL_DOORBELL_FROM_CORE"] + 4 * channel
    before, rung = m.word(answer), m.word(page + 4 * channel)
    m.clear_pending(irq)
    m.poke(page + 4 * channel, rung + 1)
    m.ring(m.tee["VIRT_TEE_SPI_TO_M0"])
    until = time.monotonic() + 20
    while m.word(answer) == before:
        if time.monotonic() > until:
            raise NotSeen("the program does not answer on its channel", "secure.log")
        time.sleep(0.05)
    m.is_pending(irq)
    if m.word(answer) != before + 1:
        raise NotSeen(f"the counter went from {before} to {m.word(answer)}", "boards/virt/shim/bell.c")
    board.close()
    return f"asked on channel {channel}, it counted to {before + 1} and made SPI {irq} pending"


def counters_and_fuses_are_in_the_flash(m):
    """What was raised stays raised, in the flash's file too; the fuses are those that were put there."""
    board, sw_id = Board(m), 0x1234
    board.do(COUNTER_ADVANCE, value(sw_id, 7))
    board.do(COUNTER_ADVANCE, value(sw_id, 5))
    version = board.do(COUNTER_READ, value(sw_id), OUT).values[-1][0]
    size, _, fuses = board.do(FUSES, room(0x1000)).memory[0]
    board.close()
    with open(m.files["flash.bin"], "rb") as flash:
        flash.seek(m.tee["VIRT_TEE_FLASH_FUSES"])
        genuine = flash.read(size)
        if version != 7 or size < 256 or not fuses or not genuine.startswith(fuses):
            raise NotSeen(f"version {version}, {size} bytes of fuses, {fuses[:16].hex()}", "optee/pta/flash.c")
        flash.seek(m.tee["VIRT_TEE_FLASH_COUNTERS"])
        if struct.pack("<II", sw_id, 7) not in flash.read(0x1000):
            raise NotSeen("the flash's file has no record of it", "boards/virt/service/flash.c")
    return "the counter is 7, in the flash's file too, and does not fall to 5; the fuses are the flash's"


def many_starts_and_stops(m):
    """Cores start again after a stop, and after everything of them was given up."""
    board = Board(m)
    for number in range(12):
        board.start(number % 2)
        if number % 3:
            board.do(STOP, value(number % 2))
        else:
            board.do(RELEASE, value(number % 2))
    board.close()
    m.no_panic()
    return "12 starts, each proven by a heartbeat"


def what_the_kernel_manages_runs_from_its_memory(m):
    """Linux writes the program; the PTA starts it, writes nothing, and gives it nothing of the secure world's."""
    board, tee = Board(m), m.tee
    board.do(CLAIM, value(M33))
    base = tee["VIRT_TEE_DA_MEM"]
    board.want(ACCESS_DENIED, WRITE, value(M33), wide(base), data(b"12"))
    board.want(ACCESS_DENIED, ZERO, value(M33), wide(base), wide(2))
    board.want(ACCESS_DENIED, START, value(M33), wide(base), value(0))
    segments, entry = m.programs[M33]
    for number, (address, content) in enumerate(segments):
        at = tee["VIRT_TEE_M33_NS"] + address - base if address < tee["VIRT_TEE_DA_IPC"] else tee["VIRT_TEE_IPC"]
        m.call.put(at, path_of(M33, number), 0, len(content))
    m.mark()
    board.do(START, value(M33), wide(entry), value(HOST_MEMORY))
    m.secure_line(rf"core 0: starts at {entry:#x}, Secure, confined to the host's memory, in memory at "
                  rf"{tee['VIRT_TEE_M33_NS']:#x}", "it runs from the host's memory")
    board.expect_ready(M33)
    told = m.beats(M33)
    board.do(STOP, value(M33))
    board.close()
    return f"{told}; what the TEE would load is refused"


def ownership_is_the_device_trees(m):
    """What the tree says of each processor is what the PTA says, and does."""
    board = Board(m)
    ownership = [struct.unpack_from("<IIII", board.do(INFO, value(core), room(0x1000)).memory[0][2])[1] for core in (M33, M0)]
    board.want(ACCESS_DENIED, CLAIM, value(M0))
    board.close()
    if ownership != [2, 0]:
        raise NotSeen(f"the PTA says {ownership}", "optee/pta/tree.c")
    return "m33 is the kernel's, m0 is disabled and nobody claims it"


def a_program_runs_before_anything_orders_it(m):
    """The stub started it; the PTA says so, and the next session may claim it, or end it."""
    told = m.beats(M33)
    board = Board(m)
    board.expect_ready(M33)
    board.do(CLAIM, value(M33))
    board.want(BAD_STATE, START, value(M33), wide(m.tee["VIRT_TEE_DA_MEM"]), value(0))
    m.beats(M33)
    board.do(STOP, value(M33))
    told += f"; {m.still(M33)}"
    told += f"; then {board.start(M33)}"
    board.close()
    return told


def without_secure_el2_every_start_is_refused(m):
    """A CPU on which nothing could confine the core: no start, and a line that says why."""
    board = Board(m)
    entry = board.load(M0)
    m.mark()
    board.want(NOT_SUPPORTED, START, value(M0), wide(entry), value(0))
    m.secure(r"mailbox_order.*|.*core 1: cannot run: its CPU has no EL2 in the Secure state", 20, "the CPU has no secure EL2")
    board.close()
    return "refused with NOT_SUPPORTED; the secure log says why"


MACHINES = (
    # name, what the machine is prepared with, options, tests in their order
    ("managed", {}, {}, (
        strangers_get_no_session, parameters_of_every_wrong_kind_are_refused, numbers_out_of_range_are_refused,
        both_cores_run_and_one_stops, a_claim_is_exclusive, a_program_left_running_is_found_again,
        a_program_that_masks_everything_is_stopped, memory_that_is_not_granted_is_out_of_reach,
        a_watchdog_that_bites_tells_everybody, suspend_keeps_all_it_has, the_doorbell_rings_both_ways,
        counters_and_fuses_are_in_the_flash, many_starts_and_stops)),
    ("kernel", {"variant": (*UNPOWERED, "M33_KERNEL", "M0_DISABLED")}, {}, (
        ownership_is_the_device_trees, what_the_kernel_manages_runs_from_its_memory)),
    ("boots", {"boots": "m33.elf"}, {}, (a_program_runs_before_anything_orders_it,)),
    ("plain", {}, {"cpu": "cortex-a57"}, (without_secure_el2_every_start_is_refused,)),
)


class Cores:
    """What the tests ask of a tee_guest.Machine, and of the cores' registers and pages."""

    def __init__(self, machine, found, name):
        self._machine = machine
        self.programs = found
        self.doorbell = constants.read_header(f"{tee_guest.TOP}/include/pilot/wire/doorbell.h")
        self.files = {"flash.bin": f"{BUILD}/guest-tee/{name}/flash.bin"}

    def __getattr__(self, name):
        return getattr(self._machine, name)

    def secure_line(self, pattern, what):
        """Wait for a line of a shim's in the secure log."""
        if not self.qemu.secure.wait(rf"^\[ *\d+\.\d+\] shim: {pattern}$", self.by(60), self._machine.secure_from):
            raise NotSeen(f"the secure log does not say that {what}", "secure.log")

    def shell(self, command):
        """The only line that a command in the guest prints."""
        status, lines = self.guest.run(command)
        if status or len(lines) > 1:
            raise Trouble(f"{command}: {status} {lines}")
        return lines[0] if lines else ""

    def word(self, address):
        """32 bits of memory that Linux may access."""
        return int(self.shell(f"devmem {address:#x} 32"), 16)

    def poke(self, address, number):
        """Change them."""
        self.shell(f"devmem {address:#x} 32 {number:#x}")

    def request(self, core, name, delay):
        """Ask the core's program for misbehaviour, @delay seconds from now, so that the caller can wait for it."""
        at = self.tee[f"VIRT_TEE_{tee_guest.CORES[core].upper()}_CTRL"] + self.remote["PIL_CTRL_REQUEST"]
        self.shell(f"( (sleep {delay}; devmem {at:#x} 32 {self.remote[name]}) >/dev/null 2>&1 & )")

    def ring(self, spi):
        """As the mailbox driver does."""
        self.poke(PENDING + (32 + spi) // 32 * 4, 1 << spi % 32)

    def clear_pending(self, spi):
        """Nobody has rung."""
        self.poke(PENDING + 0x80 + (32 + spi) // 32 * 4, 1 << spi % 32)

    def is_pending(self, spi):
        """Somebody has rung, and Linux, which has no driver here, has not taken it."""
        if not self.word(PENDING + (32 + spi) // 32 * 4) >> spi % 32 & 1:
            raise NotSeen(f"SPI {spi} is not pending", "boards/virt/shim/gic.c")


def main():
    """All machines, or those named on the command line."""
    tap, (found, files) = Tap(), programs()
    for name, prepared, changes, tests in MACHINES:
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        options = tee_guest.options(host_cpus=2, **changes)
        try:
            where = f"cores-{name}"
            with tee_guest.machine(where, options, fip=FORWARD, more_files=files, **prepared) as machine:
                cores = Cores(machine, found, where)
                for test in tests:
                    tap.test(test.__name__, test, cores)
        except (NotSeen, Trouble) as error:
            tap.test(f"{name}_comes_up", lambda error=error: (_ for _ in ()).throw(error))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
