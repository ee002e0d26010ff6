# SPDX-License-Identifier: BSD-2-Clause
"""pilot trace show and export: a trace that is as it should be, and what a host may have made of it."""
import json
import os
import re
import struct

from harness import check_schema, collect, contains, equal, main, pilot, write
from trace_event import check_export, read_export

MONITOR, SERVICE, HYPERVISOR, SHIM, STUB, PTA = range(6)
RECORDS, CPUS, HEADER, RING = 1024, 12, 8192, 32768
HZ = 62500000
MS = HZ // 1000
NOBODY = 0xffff
ADSP, VIDEO = 1, 9
# events that the tests write, by the numbers of include/pilot/wire/trace.h
BOOT, PSCI, CALL, RETURN, RELEASED, READY_HEARD = 0x01, 0x03, 0x04, 0x05, 0x08, 0x0c
REQUEST, ANSWER, VERIFY, VERIFIED, SUSPENDED, RESUMED, STATE, ABANDONED, NAME = 0x20, 0x21, 0x24, 0x25, 0x28, 0x29, 0x2a, 0x2c, 0x2d
SHIM_STARTS, FAULT, READY = 0x60, 0x62, 0x64
AUTH = 0x205


class Trace:
    """What the firmware leaves in memory."""

    def __init__(self):
        self.data = bytearray(HEADER + 6 * CPUS * RING)
        struct.pack_into('<6IQ', self.data, 0, 0x43525450, 1, HEADER, 32, 6 * CPUS, RECORDS, HZ)
        self.written = {}

    def record(self, writer, cpu, ms, event, a=0, b=0, who=NOBODY, core=None):
        """One record, behind the last one of its ring."""
        ring = writer * CPUS + cpu
        number = self.written[ring] = self.written.get(ring, 0) + 1
        struct.pack_into('<QIHHQQ', self.data, HEADER + ring * RING + (number - 1) % RECORDS * 32,
                         round(ms * MS), number, event, who, a, b)
        struct.pack_into('<IHHIIQ', self.data, 64 + 64 * ring, 0x474e4952, writer, cpu if core is None else core, RECORDS, 0, number)
        return self

    def at(self, writer, cpu, number):
        """Where a record of a ring is."""
        return HEADER + (writer * CPUS + cpu) * RING + (number - 1) * 32

    def save(self, path='trace.bin'):
        return write(path, bytes(self.data))


def _name(text):
    return struct.unpack('<QQ', text.encode().ljust(16, b'\0'))


def _start():
    """A start of adsp on CPU 0, interrupted once, while core 0 begins."""
    t = Trace()
    t.record(MONITOR, 0, 1, BOOT, 6, 3)
    t.record(SERVICE, 0, 2, NAME, *_name('adsp'), who=ADSP)
    t.record(MONITOR, 0, 10, CALL, 0x42000205, ADSP)
    t.record(SERVICE, 0, 11, REQUEST, AUTH, who=ADSP)
    t.record(SERVICE, 0, 11.5, STATE, 2, 3, who=ADSP)
    t.record(SERVICE, 0, 12, VERIFY, who=ADSP)
    t.record(SERVICE, 0, 13, SUSPENDED, who=ADSP)
    t.record(MONITOR, 0, 13.25, RETURN, 1)
    t.record(MONITOR, 0, 14, CALL, 1, ADSP)
    t.record(SERVICE, 0, 14.25, RESUMED, who=ADSP)
    t.record(SERVICE, 0, 20, VERIFIED, who=ADSP)
    t.record(MONITOR, 0, 20.5, RELEASED, 0)
    t.record(SERVICE, 0, 21, ANSWER, AUTH, who=ADSP)
    t.record(MONITOR, 0, 22, RETURN, 0)
    t.record(SHIM, 5, 23, SHIM_STARTS, 0x1234, core=0)
    t.record(SHIM, 5, 24, READY, core=0)
    t.record(MONITOR, 5, 24.5, READY_HEARD, 0)
    return t


def _events(*args):
    result = pilot('trace', 'show', '--json', *args)
    document = result.json()
    check_schema(document, 'trace-show')
    equal([e['ns'] for e in document['events']], sorted(e['ns'] for e in document['events']), 'times')
    return result.status, document


def a_start_is_a_timeline():
    _start().save()
    status, document = _events('trace.bin')
    equal((status, document['lost'], document['damaged'], document['frequency']), (0, 0, 0, HZ))
    events = {(e['writer'], e['event'], e['ns']): e for e in document['events']}
    equal(len(events), 17)
    request = events['service', 'REQUEST', 11000000]
    equal((request['track'], request['text'], request['duration_ns']), ('adsp', 'AUTH_AND_RESET', 10000000))
    equal(events['service', 'VERIFY', 12000000]['duration_ns'], 8000000)
    equal(events['service', 'STATE', 11500000]['text'], 'PLACED -> LOCKED')
    equal(events['monitor', 'CALL', 10000000]['duration_ns'], 3250000)
    equal([events[key]['track'] for key in (('shim', 'READY', 24000000), ('monitor', 'RELEASED', 20500000),
                                            ('monitor', 'HEARD_READY', 24500000), ('monitor', 'BOOT', 1000000))],
          ['core 0', 'core 0', 'core 0', 'CPU 0'])


def the_text_has_durations_and_leaves_interruptions_out():
    _start().save()
    out = pilot('trace', 'show', 'trace.bin').out
    contains(out, '    10.000000  adsp           service    AUTH_AND_RESET  [10.000000 ms]\n')
    contains(out, '    11.000000  adsp           service      verify  [8.000000 ms]\n')
    contains(out, '4 records of interrupted requests are left out: --all shows them\n')
    equal('interrupted\n' in out or 'goes on' in out, False)
    out = pilot('trace', 'show', '--all', 'trace.bin').out
    contains(out, '    12.000000  adsp           service        interrupted  [1.250000 ms]\n')
    equal('left out' in out, False)


def tracks_and_times_can_be_asked_for():
    _start().record(SERVICE, 1, 30, REQUEST, AUTH, who=VIDEO).save()
    wanted = (((), {'CPU 0', 'adsp', 'core 0', 'video'}), (('--core', 0), {'core 0'}), (('--peripheral', 'adsp'), {'adsp'}),
              (('--peripheral', '9'), {'video'}), (('--core', '0', '--cpu', '0'), {'core 0', 'CPU 0'}),
              (('--peripheral', 'nobody'), set()), (('--since', '22'), {'core 0', 'video'}),
              (('--until', '0'), {'CPU 0'}), (('--since', '22', '--until', 23), {'core 0'}))
    for options, tracks in wanted:
        equal({e['track'] for e in _events(*options, 'trace.bin')[1]['events']}, tracks, str(options))


def a_directory_of_a_run_will_do():
    os.makedirs('run', exist_ok=True)
    _start().save('run/trace.bin')
    equal(len(_events('run')[1]['events']), 17)
    os.unlink('run/trace.bin')
    result = pilot('trace', 'show', 'run')
    equal(result.status, 2)
    contains(result.err, 'run/trace.bin: No such file')


def names_come_from_the_trace_and_drive_no_terminal():
    t = Trace().record(SERVICE, 0, 1, NAME, *_name('m33'), who=ADSP).record(SERVICE, 0, 2, NAME, *_name('\033[2Jx'), who=77)
    t.record(SERVICE, 0, 3, REQUEST, AUTH, who=ADSP).record(SERVICE, 0, 4, REQUEST, AUTH, who=77)
    t.record(SERVICE, 0, 5, REQUEST, AUTH, who=78).record(SERVICE, 0, 6, REQUEST, AUTH, who=18).save()
    equal([e['track'] for e in _events('trace.bin')[1]['events']], ['m33', '?[2Jx', 'm33', '?[2Jx', 'PAS 78', 'cdsp'])
    equal('\033' in pilot('trace', 'show', 'trace.bin').out, False)


def a_ring_that_wrapped_has_its_last_records():
    t = Trace()
    for i in range(2500):
        t.record(MONITOR, 3, i, PSCI, 0x84000000, i)
    t.save()
    status, document = _events('trace.bin')
    equal((status, document['lost'], document['damaged'], len(document['events'])), (0, 1476, 0, RECORDS))
    equal([int(e['b'], 0) for e in document['events']], list(range(1476, 2500)))
    contains(pilot('trace', 'show', 'trace.bin').out, '1476 older records are overwritten')


def ends_without_begins_and_begins_without_ends():
    t = Trace().record(SERVICE, 0, 1, ANSWER, AUTH, who=ADSP).record(SERVICE, 0, 2, REQUEST, AUTH, who=ADSP)
    t.record(SERVICE, 0, 3, VERIFY, who=ADSP).record(SERVICE, 0, 4, SUSPENDED, who=ADSP).record(SERVICE, 0, 5, ABANDONED, who=ADSP)
    t.record(SERVICE, 0, 6, REQUEST, 0x202, who=ADSP).record(SERVICE, 0, 7, VERIFY, who=ADSP).record(SERVICE, 0, 9, ANSWER, 0x202, who=ADSP)
    t.record(SERVICE, 0, 10, REQUEST, 0x201, who=ADSP).save()
    durations = [e['duration_ns'] for e in _events('trace.bin')[1]['events']]
    equal(durations, [None, 3000000, 2000000, 1000000, None, 3000000, 2000000, None, None])
    contains(pilot('trace', 'show', 'trace.bin').out, 'INIT_IMAGE  [no end]')
    check_export(*_export('trace.bin'))


def refusals_have_their_reasons():
    t = Trace().record(SERVICE, 0, 1, REQUEST, AUTH, who=ADSP).record(SERVICE, 0, 2, ANSWER, AUTH, 0x10009, who=ADSP)
    t.record(SHIM, 5, 3, FAULT, 1, 1, core=0).record(SERVICE, 0, 4, ANSWER, AUTH, 2 ** 63, who=ADSP).record(MONITOR, 0, 5, 0x7777, 1, 2).save()
    texts = [e['text'] for e in _events('trace.bin')[1]['events']]
    equal(texts[1].startswith('refused: '), True)
    equal(texts[2].startswith('write refused: '), True)
    equal(texts[3], 'refused: 0x8000000000000000')
    equal(texts[4], 'event 0x7777 (0x1, 0x2)')


def a_host_that_scribbles_spoils_what_it_scribbled_on():
    t = _start()
    struct.pack_into('<QI', t.data, t.at(SERVICE, 0, 4), 2 ** 64 - 1, 4)		# later than any clock
    struct.pack_into('<I', t.data, t.at(SERVICE, 0, 5) + 8, 4)			# a number of another place
    struct.pack_into('<I', t.data, t.at(SERVICE, 0, 6) + 8, 5 + 7 * RECORDS)	# far ahead of the others
    struct.pack_into('<I', t.data, t.at(SERVICE, 0, 7) + 8, 0)			# being written
    t.save()
    status, document = _events('trace.bin')
    equal((status, document['damaged']), (1, 4))
    equal(len(document['events']), 13)
    contains(pilot('trace', 'show', 'trace.bin').err, 'trace.bin: 4 places are damaged')
    contains(pilot('trace', 'export', 'trace.bin', '-o', 'x.json').err, 'trace.bin: 4 places are damaged')


def counts_that_lie_say_nothing():
    for written in (0, 3, 16, 2 ** 32, 2 ** 64 - 1):
        t = _start()
        struct.pack_into('<Q', t.data, 64 + 64 * CPUS * SERVICE + 16, written)
        t.save()
        status, document = _events('trace.bin')
        equal((document['lost'], len(document['events']) + document['damaged']), (0, 17), f'{written}')
        equal(status, 1 if document['damaged'] else 0)


def whatever_is_in_the_file_there_is_an_answer():
    good = bytes(_start().data)
    for fill in (b'\0', b'\xff', b'\x01', bytes(range(256))):
        data = (fill * len(good))[:len(good)]
        for kept in (0, 8, 40, 64, 64 + 64 * 72):
            write('t.bin', good[:kept] + data[kept:])
            result = pilot('trace', 'show', '--json', 't.bin')
            if result.status != 2:
                check_schema(result.json(), 'trace-show')
            equal(pilot('trace', 'export', 't.bin', '-o', 't.json').status, result.status)
            if result.status != 2:
                check_export(*read_export('t.json'))


def what_is_no_trace_is_said():
    good = bytes(_start().data)
    word = struct.Struct('<I').pack
    for data, message in ((b'', 'too short'), (good[:63], 'too short'), (b'X' + good[1:], 'not a trace'),
                          (good[:4] + word(2) + good[8:], 'another version'), (good[:-1], 'cut off'), (good[:HEADER], 'cut off'),
                          (good[:12] + word(31) + good[16:], 'rings that cannot be'),
                          (good[:16] + word(0) + good[20:], 'rings that cannot be'),
                          (good[:16] + word(2 ** 32 - 1) + good[20:], 'rings that cannot be'),
                          (good[:20] + word(1000) + good[24:], 'rings that cannot be'),
                          (good[:20] + word(2 ** 31) + good[24:], 'rings that cannot be'),
                          (good[:8] + word(100) + good[12:], 'overlap'), (good[:8] + word(2 ** 32 - 8) + good[12:], 'cut off'),
                          (good[:24] + bytes(8) + good[32:], 'no frequency'), (good[:24] + b'\xff' * 8 + good[32:], 'no frequency')):
        result = pilot('trace', 'show', write('t.bin', data))
        equal(result.status, 2)
        contains(result.err, 't.bin: ')
        contains(result.err, message)


LOG = '\n'.join(('NOTICE: no line of the kernel', '[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x000f0510]',
                 '[    0.004000] about 14 ms of the counter', '@3@begin[    0.005000][    T1] in the middle \033[1mof a line\r',
                 # at counter 12 ms (750000) the kernel's clock was 2 ms: its 0 is at 10 ms
                 '[    0.006000] pilot-clock: counter 749900 to 750100 at 2000 us, 62500000 Hz', '[ 9999.5] no stamp', '[    0.0000001] nor this'))


def lines_of_the_kernel_are_dated_by_its_own_word():
    _start().save()
    write('linux.log', LOG.encode())
    _, document = _events('--log', 'linux.log', 'trace.bin')
    lines = [(e['ns'], e['text']) for e in document['events'] if e['writer'] == 'kernel']
    equal([text for _, text in lines], ['Booting Linux on physical CPU 0x0000000000 [0x000f0510]', 'about 14 ms of the counter',
                                        'in the middle ?[1mof a line', LOG.splitlines()[4].split('] ', 1)[1]])
    equal([ns for ns, _ in lines], [9999500, 13999500, 14999500, 15999500])
    equal(document['clock_within_ns'], 2100)	# half of the 200 ticks between the two readings, and half a microsecond
    equal(document['undated_lines'], 0)
    contains(pilot('trace', 'show', '--log', 'linux.log', 'trace.bin').out, "the kernel's lines are dated within 3 us")


def each_kernel_of_a_log_has_its_own_clock():
    _start().save()
    second = LOG.replace('749900 to 750100', '62499900 to 62500100').replace('about 14 ms', 'later')
    write('linux.log', f'{LOG}\n{second}\n'.encode())
    _, document = _events('--log', 'linux.log', 'trace.bin')
    equal([e['ns'] for e in document['events'] if 'ms of the counter' in e['text'] or 'later' in e['text']], [13999500, 1001999500])
    write('linux.log', f'{LOG}\n{LOG.replace("pilot-clock", "no-clock")}\n'.encode())
    _, document = _events('--log', 'linux.log', 'trace.bin')
    equal(document['undated_lines'], 4)
    contains(pilot('trace', 'show', '--log', 'linux.log', 'trace.bin').out, '4 lines of the kernel are left out')


def a_clock_that_cannot_be_is_none():
    _start().save()
    for bad in ('counter 2 to 1 at 2000 us, 62500000 Hz', 'counter 1 to 2 at 2000 us, 0 Hz', 'counter 1 to 2 at 2000 us, 62500000 Hz',
                'counter 18446744073709551615 to 18446744073709551616 at 1 us, 1 Hz', 'counter x', 'counter 1 to 2 at 99999999999999999999 us, 5 Hz'):
        write('linux.log', re.sub(r'counter \d.*', bad, LOG).encode())
        _, document = _events('--log', 'linux.log', 'trace.bin')
        equal([e for e in document['events'] if e['writer'] == 'kernel'], [], bad)


def _export(*args):
    result = pilot('trace', 'export', '-o', 'out.json', '--json', *args)
    check_schema(result.json(), 'trace-export')
    return read_export('out.json')


def the_export_keeps_the_formats_rules():
    _start().save()
    names, events = check_export(*_export('trace.bin'))
    equal({name: text for name, text in names.items() if name[0] == 'process_name'},
          {('process_name', 1, 0): 'CPUs', ('process_name', 2, 0): 'remote cores', ('process_name', 3, 0): 'peripherals'})
    equal({text for name, text in names.items() if name[0] == 'thread_name'}, {'CPU 0', 'core 0', 'adsp'})
    auth = [e for e in events if e['name'] == 'AUTH_AND_RESET'][0]
    equal((auth['ph'], auth['ts'], auth['dur'], auth['args']['result']), ('X', 11000.0, 10000.0, 'accepted'))
    verify = [e for e in events if e['name'] == 'verify'][0]
    equal((verify['pid'], verify['tid']), (auth['pid'], auth['tid']))
    equal([e['name'] for e in events if e['ph'] == 'i' and e['pid'] == 2][0], 'core 0 is released')


def the_checker_of_the_export_finds_what_is_wrong():
    _start().save()
    text, document = _export('trace.bin')
    for old, new in (('"ts":11000.000,"dur":10000.000', '"ts":11000.000,"dur":3000.000'), ('"ph":"X"', '"ph":"B"'), ('"s":"t"', '"s":"q"'),
                     ('"name":"thread_name"', '"name":"thread"'), ('"tid":1,', '"tid":4,'), ('"ts":20500.000', '"ts":1.000')):
        contains(text, old)
        broken = text.replace(old, new, 1)
        try:
            check_export(broken, json.loads(broken))
        except AssertionError:
            continue
        raise AssertionError(f'{new} passes')


def the_export_of_a_run_has_its_kernels_log():
    os.makedirs('run', exist_ok=True)
    _start().save('run/trace.bin')
    write('run/linux.log', LOG.replace('about', 'a "quoted" \\ ').encode())
    names, events = check_export(*_export('run'))
    equal(names['process_name', 4, 0], 'host kernel')
    equal([e['name'] for e in events if e['pid'] == 4 and e['ph'] == 'i'][1], 'a "quoted" \\  14 ms of the counter')
    check_export(*_export('run', '--log', write('none.log', b'')))
    os.unlink('run/linux.log')
    equal([e for e in check_export(*_export('run'))[1] if e['pid'] == 4], [])


def what_is_missing_is_said():
    _start().save()
    for args, message in ((('trace',), 'which command'), (('trace', 'show'), 'FILE is missing'), (('trace', 'show', 'a', 'b'), 'one FILE'),
                          (('trace', 'show', '--core', 'x', 'trace.bin'), "--core wants a number, not 'x'"),
                          (('trace', 'show', '--since', '1.5', 'trace.bin'), "--since wants a number, not '1.5'"),
                          (('trace', 'show', '--log', 'none.txt', 'trace.bin'), 'none.txt: No such file'),
                          (('trace', 'export', 'trace.bin'), '--output is missing'), (('trace', 'export', '-o', 'x'), 'FILE is missing'),
                          (('trace', 'export', 'trace.bin', '-o', 'no/such/x'), 'no/such/x'),
                          (('trace', 'export', 'none.bin', '-o', 'x'), 'none.bin: No such file')):
        result = pilot(*args)
        equal(result.status, 2, str(args))
        contains(result.err, message)


main(collect(globals().copy()))
