# SPDX-License-Identifier: BSD-2-Clause
"""pilot explain: what is known has a message here, registers bit by bit, logs as machines write them, storms, hostile lines."""
import json
import os
import re
import subprocess

from harness import TOOL, collect, contains, equal, main, pilot, write

LOGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'logs')
FIELD = re.compile(r'\{[a-z0-9]+\}')
V2 = 'arm-smmu 15000000.iommu: '
V3 = 'arm-smmu-v3 9050000.iommu: '


def _explain(text, *args):
    """Result for one log."""
    write('a.log', text if isinstance(text, bytes) else text.encode())
    return pilot('explain', *args, 'a.log')


def _faults(text, *args):
    result = _explain(text, '--json', *args)
    equal(result.err, '')
    document = result.json()
    equal(result.status, 1 if document['explained'] else 0, 'status')
    return document['faults']


def _one(text, *args):
    found = _faults(text, *args)
    equal(len(found), 1, f'faults of {text!r}')
    return found[0]


def _stamped(*lines, start=12.0):
    """Lines with times, a millisecond apart."""
    return ''.join(f'[{start + n / 1000:12.6f}] {line}\n' for n, line in enumerate(lines))


def _known():
    """Rows of the table."""
    return [entry for group in pilot('explain', '--list', '--json').json()['groups'] for entry in group['entries']]


def _messages():
    """Blocks of logs/messages.txt: row to lines."""
    blocks, row = {}, None
    with open(os.path.join(LOGS, 'messages.txt'), encoding='utf-8') as file:
        for line in file:
            line = line.rstrip('\n')
            if line.startswith('== '):
                row = line[3:]
                equal(row in blocks, False, f'{row} twice')
                blocks[row] = []
            elif line and not line.startswith('#'):
                blocks[row].append(line)
    return blocks


def _pattern(text):
    """A pattern of the table as a regular expression, made without the tool."""
    parts = FIELD.split(text)
    return re.compile('.+'.join(re.escape(part) for part in parts))


def every_row_and_every_pattern_has_a_message():
    messages, rows = _messages(), _known()
    equal(sorted(set(messages) - {row['id'] for row in rows}), [], 'messages of no row')
    for row in rows:
        lines = messages.get(row['id'], [])
        equal(bool(lines), True, f"{row['id']}: lines in logs/messages.txt")
        for pattern in row['patterns']:
            fits = [line for line in lines if _pattern(pattern).search(line)]
            equal(bool(fits), True, f"{row['id']}: a line for {pattern!r}")


def every_message_is_recognised_as_its_row():
    messages = _messages()
    for row in _known():
        lines = messages[row['id']]
        found = _faults('\n'.join(lines) + '\n')
        if row['kind'] in ('context', 'more'):
            continue
        equal({fault['id'] for fault in found}, {row['id']}, row['id'])
        if row['patterns'] and row['id'] != 'smmuv3-event':
            equal(sum(fault['count'] for fault in found), len(lines), f"{row['id']}: lines counted")
        if row['kind'] == 'harmless':
            equal({fault['role'] for fault in found}, {'harmless'})


def rows_say_what_it_means_and_what_to_do():
    for row in _known():
        if row['kind'] in ('context', 'more'):
            continue
        equal(len(row['title']) > 10 and len(row['meaning']) > 15, True, row['id'])
        if row['kind'] != 'harmless':
            equal(bool(row['causes']) and bool(row['try']), True, f"{row['id']}: causes and remedies")


# --- registers ---

FSR = {31: 'MULTI', 30: 'SS', 8: 'UUT', 7: 'ASF', 6: 'TLBLKF', 5: 'TLBMCF', 4: 'EF', 3: 'PF', 2: 'AFF', 1: 'TF'}
FSYNR0 = {11: 'AFR', 10: 'PTWF', 9: 'ATOF', 8: 'NSATTR', 7: 'NSSTATE', 6: 'IND', 5: 'PNU', 4: 'WNR'}
GFSR = {31: 'MULTI', 8: 'UUT', 7: 'PF', 6: 'EF', 5: 'CAF', 4: 'UCIF', 3: 'UCBF', 2: 'SMCF', 1: 'USF', 0: 'ICF'}
GFSYNR0 = {6: 'ATS', 5: 'NSATTR', 4: 'NSSTATE', 3: 'IND', 2: 'PNU', 1: 'WNR', 0: 'Nested'}
GERROR = {9: 'CMDQP_ERR', 8: 'SFM_ERR', 7: 'MSI_GERROR_ABT_ERR', 6: 'MSI_PRIQ_ABT_ERR', 5: 'MSI_EVENTQ_ABT_ERR',
          4: 'MSI_CMDQ_ABT_ERR', 3: 'PRIQ_ABT_ERR', 2: 'EVENTQ_ABT_ERR', 0: 'CMDQ_ERR'}


def _context(fsr, fsynr=0, iova=0x8a001000, sid=0x1801, bank=3):
    return f'{V2}Unhandled context fault: fsr=0x{fsr:x}, iova=0x{iova:08x}, fsynr=0x{fsynr:x}, cbfrsynra=0x{sid:x}, cb={bank}'


def _bits(fault, register):
    """Name to value of what was said of a register."""
    rows = [row for row in fault['registers'] if row['name'] == register]
    equal(len(rows), 1, register)
    return {bit['name']: bit['value'] for bit in rows[0]['bits']}


def _flags(names, value):
    """What a table of single bits says of a value."""
    return {name: 1 for bit, name in names.items() if value >> bit & 1}


def _several(lines_of, values):
    """One fault for each value, in order: as many of them in one log as are kept of one row. @lines_of(value, sid) has the lines."""
    found = []
    for first in range(0, len(values), 30):
        some = values[first:first + 30]
        faults = _faults(_stamped(*[line for sid, value in enumerate(some) for line in lines_of(value, sid)]))
        equal(len(faults), len(some), 'faults')
        found += faults
    return list(zip(values, found))


def _each_bit(names, lines_of, register, more=()):
    """All 32 bits one by one, none and all: exactly the names of those that are set."""
    values = [0, 0xffffffff] + [1 << bit for bit in range(32)]
    for value, fault in _several(lines_of, values):
        got = _bits(fault, register)
        equal({name: got[name] for name in got if name not in more}, _flags(names, value), f'{register} {value:#x}')


def every_bit_of_fsr_is_decoded():
    _each_bit(FSR, lambda value, sid: [_context(value, sid=sid)], 'FSR', ('FORMAT',))
    for form, fault in _several(lambda form, sid: [_context(form << 9 | 2, sid=sid)], range(4)):
        equal(_bits(fault, 'FSR')['FORMAT'], form)


def every_bit_of_fsynr_is_decoded():
    _each_bit(FSYNR0, lambda value, sid: [_context(2, value, sid=sid)], 'FSYNR0', ('PLVL', 'S1CBNDX'))
    for value, fault in _several(lambda value, sid: [_context(2, value << 16 | value & 3, sid=sid)], range(256)):
        got = _bits(fault, 'FSYNR0')
        equal((got['S1CBNDX'], got['PLVL']), (value, value & 3))


def every_bit_of_global_faults_is_decoded():
    def lines(sid, gfsr=0, synr0=0):
        return [f'{V2}Unexpected global fault, this could be serious',
                f'{V2}\tGFSR 0x{gfsr:08x}, GFSYNR0 0x{synr0:08x}, GFSYNR1 0x0012{sid:04x}, GFSYNR2 0x00000000']
    _each_bit(GFSR, lambda value, sid: lines(sid, gfsr=value), 'GFSR')
    _each_bit(GFSYNR0, lambda value, sid: lines(sid, synr0=value), 'GFSYNR0')
    fault = _one(_stamped(*lines(0x402, 4)))
    equal(fault['stream']['sid'], '0x402')
    equal(_bits(fault, 'GFSYNR1'), {'SSD_Index': 0x12, 'StreamID': 0x402})


def every_bit_of_gerror_is_decoded():
    _each_bit(GERROR, lambda value, _: [f'{V3}unexpected global error reported (0x{value:08x}), this could be serious'], 'GERROR')


def kind_of_a_context_fault_follows_its_bits():
    rows = dict(((2, 'translation'), (8, 'permission'), (4, 'access-flag'), (0x10, 'external'), (0x20, 'tlb'),
                      (0x40, 'tlb'), (0x80, 'address-size'), (0x100, 'unsupported'), (0x40000000, 'context'),
                      (0x12, 'external'), (0xa, 'translation'), (0x80000402, 'translation')))
    for bits, fault in _several(lambda bits, sid: [_context(bits, sid=sid)], list(rows)):
        equal(fault['id'], 'smmuv2-' + rows[bits], hex(bits))


EVENTS = {0x01: ('uut', 'AX'), 0x02: ('bad-streamid', ''), 0x03: ('ste-fetch', 'F'), 0x04: ('bad-ste', ''),
          0x05: ('ats', 'A'), 0x06: ('stream-disabled', ''), 0x07: ('ats', 'AR'), 0x08: ('bad-substreamid', ''),
          0x09: ('cd-fetch', 'F'), 0x0a: ('bad-cd', ''), 0x0b: ('walk', 'AX'), 0x10: ('translation', 'AX'),
          0x11: ('address-size', 'AX'), 0x12: ('access-flag', 'AX'), 0x13: ('permission', 'AX'), 0x20: ('conflict', 'AX'),
          0x21: ('conflict', ''), 0x24: ('page-request', ''), 0x25: ('vms-fetch', 'F')}


def _event(words, device=V3):
    return [f'{device}event 0x{words[0] & 0xff:02x} received:'] + [f'{device}\t0x{word:016x}' for word in words]


def every_event_of_smmuv3_is_decoded():
    def lines(number, sid):
        return _event([0x1800 + sid << 32 | number, 1 << 35, 0x8a001234, 0x9b0015678])
    for index, (number, fault) in enumerate(_several(lines, range(256))):
        row, carries = EVENTS.get(number, ('event', ''))
        equal((fault['id'], fault['stream']['sid'], fault['error']['code']),
              ('smmuv3-' + row, hex(0x1800 + index % 30), hex(number)))
        where = '0x8a001234' if 'A' in carries else '0x9b0015678' if 'F' in carries else None
        equal(fault['addresses'] and fault['addresses']['low'], where, f'address of event {number:#x}')
        equal(fault['stream']['access'], 'read' if carries[1:] else None, f'access of event {number:#x}')


def every_bit_of_an_access_is_decoded():
    for bit, fault in _several(lambda bit, sid: _event([sid << 32 | 0x10, 1 << bit, 0x8a001234, 0]), range(64)):
        text = fault['stream']['access_text']
        equal(fault['stream']['access'], 'read' if bit == 35 else 'write', f'bit {bit}')
        equal(text.startswith('privileged'), bit == 33, text)
        equal('instruction' in text, bit == 34, text)
        equal('stage 2' in text, bit == 39, text)
        equal('stalled' in text, bit == 31, text)


def substreams_and_streams_of_32_bits_are_read():
    fault = _one(_stamped(*_event([0xfffffffe << 32 | 0xabcde << 12 | 1 << 11 | 0x10, 0, 0, 0])))
    equal((fault['stream']['sid'], fault['detail']), ('0xfffffffe', 'substream 0xabcde'))
    fault = _one(_stamped(*_event([0x1 << 32 | 0xabcde << 12 | 0x10, 0, 0, 0])))
    equal(fault['detail'], None)


# --- messages of several lines ---

def words_and_sentence_of_an_event_count_once():
    lines = _event([0x8100 << 32 | 0x13, 0, 0xb8910040, 0]) + [
        f'{V3}event: F_PERMISSION client: remoteproc-adsp sid: 0x8100 ssid: 0x0 iova: 0xb8910040 ipa: 0x0',
        f'{V3}unpriv data write s1 "CD fetch" stag: 0x0']
    fault = _one(_stamped(*lines))
    equal((fault['count'], fault['stream']['owner']), (1, 'remoteproc-adsp'))
    fault = _one(_stamped(*lines[5:]))
    equal((fault['count'], fault['stream']['access_text']), (1, 'unprivileged data, write, stage 1'))


def words_with_other_lines_between_are_still_one_event():
    lines = _event([0x8100 << 32 | 0x13, 0, 0xb8910040, 0])
    mixed = [lines[0], 'usb 1-1: new device', lines[1], 'foo: bar', lines[2], lines[3], 'systemd[1]: Started.', lines[4]]
    equal(_one(_stamped(*mixed))['addresses']['low'], '0xb8910040')
    # two SMMUs at once
    other = _event([0x99 << 32 | 0x10, 0, 0x1000, 0], 'arm-smmu-v3 8000000.iommu: ')
    found = _faults(_stamped(lines[0], other[1], *lines[1:], *other))
    equal([fault['stream']['sid'] for fault in found], ['0x8100', '0x99'])
    # one whose words never come
    equal(_explain(_stamped(*lines[:3])).status, 0)


def both_lines_of_a_newer_context_fault_count_once():
    more = [f'{V2}FSR    = 00000402 [Format=2 TF], SID=0x1801', f'{V2}FSYNR0 = 003d0011 [S1CBNDX=61 WNR PLVL=1]']
    equal(_one(_stamped(_context(0x402, 0x3d0011), *more))['count'], 1)
    # the first line was lost
    fault = _one(_stamped(*more))
    equal((fault['id'], fault['stream']['sid']), ('smmuv2-translation', '0x1801'))


def report_of_a_phone_kernel_is_one_fault():
    by = '<3>[  718.314900][  T803] arm-smmu 15000000.apps-smmu: '
    fault = _one(''.join(by + line + '\n' for line in (
        'Unhandled arm-smmu context fault from a600000.dwc3!', 'FAR    = 0x00000000efbb0000', 'PAR    = 0x0000000000000000',
        'FSR    = 0x40000408 [PF W SS ]', 'FSYNR0    = 0x5f0013', 'FSYNR1    = 0x0', 'context bank#    = 0x8', 'SID = 0x40')))
    equal((fault['id'], fault['count'], fault['stream']['sid'], fault['stream']['owner'], fault['stream']['access'],
           fault['addresses']['low']), ('smmuv2-permission', 1, '0x40', 'a600000.dwc3', 'write', '0xefbb0000'))


# --- logs as machines write them ---

PREFIXES = (('[   12.345678] ', '12.345678'), ('<3>[   12.345678] ', '12.345678'), ('[12345.678901] ', '12345.678901'),
            ('[   12.345678][    T1] ', '12.345678'), ('[   12.345678][   C0] ', '12.345678'),
            ('[Sat Nov 21 09:50:12 2026] ', 'Sat Nov 21 09:50:12 2026'), ('[Nov21 09:50] ', 'Nov21 09:50'),
            ('[  +0.000010] ', '+0.000010'), ('Nov 21 09:50:12 board kernel: ', 'Nov 21 09:50:12'),
            ('Nov 21 09:50:12 board kernel: [   12.345678] ', '12.345678'),
            ('2026-11-21T09:50:12+0000 board kernel: ', '2026-11-21T09:50:12+0000'),
            ('2026-11-21T09:50:12,345678+00:00 ', '2026-11-21T09:50:12,345678+00:00'), ('3,1234,12345678,-;', '12.345678'),
            ('3,1234,12345678,-,caller=T1;', '12.345678'), ('', None), ('\033[32m[   12.345678] \033[0m\033[33m', '12.345678'))


def prefixes_of_every_kind_are_read():
    for end in ('\n', '\r\n', '\r\r\n', '\0\n'):
        text = end.join(f'{prefix}qcom_q6v5_pas {n}.remoteproc: \033[0mstart timed out' for n, (prefix, _) in enumerate(PREFIXES))
        equal([(fault['id'], fault['device'], fault['first']['time'], fault['first']['line']) for fault in _faults(text)],
              [('rproc-start-timeout', f'{n}.remoteproc', time, n + 1) for n, (_, time) in enumerate(PREFIXES)], repr(end))


def lines_that_a_console_glued_together_are_taken_apart():
    text = ('@16@end 0[   12.000001] qcom_q6v5_pas a.remoteproc: start timed out[   12.000002] qcom_q6v5_pas b.remoteproc: '
            'fatal error without message[   12.000003] x\n')
    equal([(fault['device'], fault['first']['time']) for fault in _faults(text)],
          [('a.remoteproc', '12.000001'), ('b.remoteproc', '12.000002')])


def nul_bytes_and_bytes_that_are_no_text_do_no_harm():
    line = b'[   12.345678] qcom_q6v5_pas 3000000.remoteproc: start timed out'
    for text in (b'\0' * 5000 + line + b'\n', b'\xff\xfe' + line + b'\0\0\n', line + b'\n' + bytes(range(256)) * 100):
        equal([fault['id'] for fault in _faults(text)], ['rproc-start-timeout'])


def lines_of_a_megabyte_are_read():
    line = '[   12.345678] qcom_q6v5_pas 3000000.remoteproc: start timed out'
    for text in ('x' * 1000000 + '\n' + line + '\n' + 'y' * 1000000, line + ' ' * 1000000 + '\n', '[' * 1000000 + '\n' + line):
        equal([fault['id'] for fault in _faults(text)], ['rproc-start-timeout'])


def logs_without_faults_explain_nothing():
    for text in ('', '\n', _stamped('usb 1-1: new high-speed USB device', 'random: crng init done'), '\0' * 100,
                 'A mail said: "start timed out", and no device.\n'):
        result = _explain(text)
        equal((result.status, result.err), (0, ''))
        contains(result.out, 'nothing to explain')


# --- many of them ---

def a_storm_is_one_paragraph():
    lines = [_context(0x402, 0x11, 0x80000000 + 64 * n) for n in range(10000)]
    result = _explain(_stamped(*lines))
    equal(result.status, 1)
    contains(result.out, '10000 times')
    contains(result.out, '0x80000000 to 0x8009c3c0')
    contains(result.out, '1 fault explained, from 10000 messages in 10000 lines')
    equal(len(result.out.splitlines()) < 50, True, 'short')
    events = [line for n in range(10000) for line in _event([0x1801 << 32 | 0x10, 0, 0x80000000 + 64 * n, 0])]
    fault = _one(_stamped(*events))
    equal((fault['count'], fault['addresses']['low'], fault['addresses']['high']), (10000, '0x80000000', '0x8009c3c0'))


def distinct_faults_are_bounded_and_the_rest_is_counted():
    lines = [_context(0x402, 0x11, 0x80000000, sid) for sid in range(1000)]
    lines.append('qcom_q6v5_pas 3000000.remoteproc: start timed out')
    document = _explain(_stamped(*lines), '--json').json()
    equal((len(document['faults']), document['left_out']), (33, 968))
    equal(document['faults'][-1]['id'], 'rproc-start-timeout')
    contains(_explain(_stamped(*lines)).out, '968 further messages')


# --- what led to what ---

CRASH = ['qcom_q6v5_pas 3000000.remoteproc: fatal error received: err_qdi.c:1123:EX:kernel',
         'remoteproc remoteproc0: crash detected in adsp: type fatal error', 'remoteproc remoteproc0: handling crash #1 in adsp',
         'remoteproc remoteproc0: recovering adsp']


def a_fault_of_its_stream_is_the_likely_cause_of_a_crash():
    smmu = f'{V3}event: F_TRANSLATION client: 3000000.remoteproc sid: 0x1801 ssid: 0x0 iova: 0x8a001000 ipa: 0x0'
    other = f'{V3}event: F_TRANSLATION client: a600000.usb sid: 0x40 ssid: 0x0 iova: 0x1000 ipa: 0x0'
    text = _stamped(smmu, other, *CRASH, 'remoteproc remoteproc0: remote processor adsp is now up')
    found = {fault['id']: fault for fault in _faults(text)}
    words, crash = found['rproc-fatal'], found['rproc-crash']
    equal((words['after'], words['after_guessed'], words['processor']), (0, False, 'adsp'))
    equal((crash['role'], crash['after']), ('follows', 2))
    equal(words['recovered']['line'], 7)
    contains(_explain(text).out, 'most likely 1: the SMMU stopped an access')
    # nobody's name in common: only a guess, and only when it is near
    text = _stamped(_context(0x402), *CRASH)
    equal([(fault['after'], fault['after_guessed']) for fault in _faults(text) if fault['id'] == 'rproc-fatal'], [(0, True)])
    text = _stamped(_context(0x402)) + _stamped(*CRASH, start=60.0)
    equal([fault['after'] for fault in _faults(text) if fault['id'] == 'rproc-fatal'], [None])


def last_lines_of_a_failed_start_are_in_the_paragraph_of_the_first():
    text = _stamped('remoteproc remoteproc1: powering up cdsp', 'remoteproc remoteproc1: Booting fw image cdsp.mbn, size 1000',
                    'qcom_q6v5_pas 26300000.remoteproc: failed to authenticate image and release reset',
                    "remoteproc remoteproc1: can't start rproc cdsp: -22", 'remoteproc remoteproc1: Boot failed: -22')
    found = _faults(text)
    equal([(fault['id'], fault['role']) for fault in found], [('rproc-auth', 'fault'), ('rproc-start', 'follows')])
    equal((found[0]['processor'], found[1]['count']), ('cdsp', 2))
    # a file that is missing is said once
    found = _faults(_stamped('remoteproc remoteproc0: powering up adsp',
                             'remoteproc remoteproc0: Direct firmware load for qcom/adsp.mbn failed with error -2',
                             'remoteproc remoteproc0: request_firmware failed: -2'))
    equal([(fault['id'], fault['role']) for fault in found], [('fw-missing', 'fault'), ('rproc-file', 'follows')])
    # alone they stand for themselves
    equal(_one(_stamped("remoteproc remoteproc1: can't start rproc cdsp: -22"))['role'], 'fault')


def secure_log_says_why_linux_was_refused():
    write('s.log', b'[    1.000000] adsp: AUTH_AND_RESET refused: BIND_SOC: signed for other SoCs (first 0x601a); this is 0x6019\n'
                   b'[    2.000000] cdsp: AUTH_AND_RESET refused: SIG_NONE: the image is not signed\n'
                   b'[    3.000000] adsp: INIT_IMAGE refused: ELF_MAGIC: not an ELF file: it begins with 0x1\n')
    text = _stamped('qcom_q6v5_pas remoteproc-adsp: failed to authenticate image and release reset')
    found = _faults(text, '--secure-log', 's.log')
    equal(found[0]['secure_world'], [1])
    equal([fault['reason'] and fault['reason']['name'] for fault in found], [None, 'BIND_SOC', 'SIG_NONE', 'ELF_MAGIC'])
    equal({fault['log'] for fault in found}, {'a.log', 's.log'})
    contains(_explain(text, '-s', 's.log').out, 'the secure world says why: 2 (BIND_SOC)')


def every_reason_of_the_secure_world_is_explained():
    reasons = pilot('explain', '--list', '--json').json()['reasons']
    equal(len(reasons) > 250, True)
    for reason in reasons:
        numbers = reason['sentence']
        for name, value in (('{ax}', '0x1f'), ('{bx}', '0x2f'), ('{a}', '1'), ('{b}', '2')):
            numbers = numbers.replace(name, value)
        reason['line'] = f"adsp: INIT_IMAGE refused: {reason['name']}: {numbers}"
    # by name, as many at a time as are kept of one row
    for first in range(0, len(reasons), 30):
        some = reasons[first:first + 30]
        found = _faults(_stamped(*[reason['line'] for reason in some]))
        equal([fault['reason']['meaning'] for fault in found], [reason['meaning'] for reason in some])
    # by their sentences alone
    def lines(reason, pc):
        return [f"shim: core 0: read of 0x1000 at pc {pc:#x}: {reason['line'].split(reason['name'] + ': ')[1]}"]
    for reason, fault in _several(lines, reasons):
        # two reasons have the same sentence
        equal(fault['reason']['sentence'], reason['sentence'], reason['line'])


# --- numbers ---

def numbers_of_errors_have_names():
    for line, text in (("remoteproc remoteproc0: can't start rproc adsp: -22", '-22 is EINVAL'),
                       ('x 3000000.remoteproc: Direct firmware load for a.mbn failed with error -2', '-2 is ENOENT'),
                       ('qcom_scm firmware:scm: Assign memory protection call failed -16', '-16 is EBUSY'),
                       ('remoteproc remoteproc0: Boot failed: -517', '-517 is EPROBE_DEFER')):
        contains(_one(_stamped(line))['error']['text'], text)


def numbers_that_come_from_secure_firmware_say_so():
    for error, text in ((-22, 'status is -2 or -3'), (-95, 'status is -4'), (-5, 'status is -1'), (-12, 'status is -5'),
                        (-16, 'status is -12')):
        line = f'qcom_q6v5_pas 3000000.remoteproc: error {error} initializing firmware adsp.mbn'
        contains(_one(_stamped(line))['error']['text'], text)
    for status, text in ((1, 'INTERRUPTED'), (2, 'WAITQ_SLEEP'), (-1, 'ERROR'), (-2, 'EINVAL_ARG'), (-3, 'EINVAL_ADDR'),
                         (-4, 'EOPNOTSUPP'), (-5, 'ENOMEM'), (-12, 'EBUSY')):
        number = status & 0xffffffffffffffff
        line = f'hypervisor: adsp: the image at 0x46000000 is not started: INIT_IMAGE was answered {number:#x}'
        contains(_one(_stamped(line))['error']['text'], f' is {text}: ')
    # from elsewhere it is Linux's own number
    equal(_one(_stamped('remoteproc remoteproc0: Boot failed: -22'))['error']['text'], '-22 is EINVAL: invalid argument')


def every_tee_result_has_a_name():
    names = dict(((0x0, 'SUCCESS'), (0xffff0000, 'GENERIC'), (0xffff0001, 'ACCESS_DENIED'), (0xffff0002, 'CANCEL'),
                       (0xffff0003, 'ACCESS_CONFLICT'), (0xffff0004, 'EXCESS_DATA'), (0xffff0005, 'BAD_FORMAT'),
                       (0xffff0006, 'BAD_PARAMETERS'), (0xffff0007, 'BAD_STATE'), (0xffff0008, 'ITEM_NOT_FOUND'),
                       (0xffff0009, 'NOT_IMPLEMENTED'), (0xffff000a, 'NOT_SUPPORTED'), (0xffff000b, 'NO_DATA'),
                       (0xffff000c, 'OUT_OF_MEMORY'), (0xffff000d, 'BUSY'), (0xffff000e, 'COMMUNICATION'),
                       (0xffff000f, 'SECURITY'), (0xffff0010, 'SHORT_BUFFER'), (0xffff0011, 'EXTERNAL_CANCEL'),
                       (0xffff3001, 'TIMEOUT'), (0xffff300f, 'OVERFLOW'), (0xffff3024, 'TARGET_DEAD'),
                       (0xffff3041, 'STORAGE_NO_SPACE'), (0xffff3071, 'MAC_INVALID'), (0xffff3072, 'SIGNATURE_INVALID'),
                       (0xffff5000, 'TIME_NOT_SET'), (0xffff5001, 'TIME_NEEDS_RESET'), (0xf0100001, 'CORRUPT_OBJECT'),
                       (0xf0100003, 'STORAGE_NOT_AVAILABLE')))
    def lines(code, _):
        return [f'rproc_tee.processor rproc_tee.processor.0: LOAD failed: -22 (TEE result 0x{code:x} text)']
    for code, fault in _several(lines, list(names)):
        contains(fault['error']['text'] + ':', f'is TEE_{names[code]}:')
    fault = _one(_stamped('rproc_tee.processor rproc_tee.processor.0: LOAD failed: -22 (TEE result 0xffff7777 text)'))
    equal(fault['error']['text'], '-22 is EINVAL: invalid argument')


# --- boards, and real logs ---

BOARD = """/dts-v1/;
/ {
	#address-cells = <2>; #size-cells = <2>; compatible = "vendor,board"; model = "A board";
	memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0x40000000>; };
	reserved-memory {
		#address-cells = <2>; #size-cells = <2>; ranges;
		adsp_mem: adsp-region@8a000000 { reg = <0 0x8a000000 0 0x1e00000>; no-map; };
	};
	soc {
		#address-cells = <2>; #size-cells = <2>; ranges; compatible = "simple-bus";
		smmu: iommu@15000000 {
			compatible = "qcom,sm8250-smmu-500", "qcom,smmu-500", "arm,mmu-500";
			reg = <0 0x15000000 0 0x100000>; #iommu-cells = <2>; #global-interrupts = <1>;
		};
		remoteproc@3000000 {
			compatible = "qcom,sm8250-adsp-pas"; reg = <0 0x3000000 0 0x10000>;
			memory-region = <&adsp_mem>; iommus = <&smmu 0x1801 0x0>; firmware-name = "adsp.mbn";
			dais { iommus = <&smmu 0x1803 0x0>; };
		};
		usb@a600000 { compatible = "snps,dwc3"; reg = <0 0xa600000 0 0x1000>; iommus = <&smmu 0x40 0x0>; };
	};
};
"""


def a_device_tree_names_owners_and_memory():
    write('board.dts', BOARD.encode())
    text = _stamped(_context(0x402, 0x11, 0x8a001000), _context(0x402, 0x11, 0x90000000, 0x40), _context(0x402, 0x11, 0, 0x77),
                    *CRASH)
    found = _faults(text, '--board', 'board.dts')
    equal([fault['processor'] for fault in found[:3]], ['adsp', None, None])
    equal([fault['stream']['owner'] for fault in found[:3]],
          ['remoteproc@3000000', 'usb@a600000', 'nobody: the device tree names no owner'])
    equal(found[0]['addresses']['regions'], ['adsp-region@8a000000 of adsp (30720 KiB)'])
    equal([fault['addresses']['regions'] for fault in found[1:3]], [['normal memory'], []])
    # with the tree, the crash of the adsp is no guess, although a later fault is nearer
    equal([(fault['after'], fault['after_guessed']) for fault in found if fault['id'] == 'rproc-fatal'], [(0, False)])


def a_stream_of_a_node_within_a_processor_is_the_processors():
    write('board.dts', BOARD.encode())
    found = _faults(_stamped(_context(0x402, 0x11, 0x8a001000, 0x1803), *CRASH), '--board', 'board.dts')
    equal((found[0]['processor'], found[0]['stream']['owner']), ('adsp', 'dais'))
    equal([(fault['after'], fault['after_guessed']) for fault in found if fault['id'] == 'rproc-fatal'], [(0, False)])


def unreadable_input_is_said():
    for args, text in ((('nothing.log',), 'nothing.log: No such file'), (('.',), '.: a directory'),
                       (('--board', 'a.log', 'a.log'), 'a.log'), (('--overlay', 'x', 'a.log'), '--overlay without --board'),
                       (('a.log', 'b.log'), 'one LOG'), (('--secure-log', 'nothing.log', 'a.log'), 'nothing.log')):
        write('a.log', b'x\n')
        result = pilot('explain', *args)
        equal(result.status, 2, args)
        contains(result.err, text)


def standard_input_is_read():
    write('a.log', _stamped('qcom_q6v5_pas 3000000.remoteproc: start timed out').encode())
    for args in ((), ('-',)):
        with open('a.log', 'rb') as log:
            done = subprocess.run([TOOL, 'explain', *args], stdin=log, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                                  check=False)
        equal((done.returncode, done.stderr), (1, b''))
        contains(done.stdout.decode(), '[rproc-start-timeout]')


def hostile_lines_do_not_reach_the_terminal():
    bad = '\033]0;title\007\033[31mred\033[2J\x9b31m\x07\x08\x7f\u202e'
    text = _stamped(f'qcom_q6v5_pas 3000000.remoteproc: fatal error received: {bad}%s%n {"A" * 5000}',
                    f'arm-smmu-v3 9{bad}0.iommu: event: F_TRANSLATION client: {bad} sid: 0x1 ssid: 0x0 iova: 0x2 ipa: 0x0',
                    f'adsp{bad}: INIT_IMAGE refused: {bad}: {bad}')
    result = _explain(text)
    equal(result.status, 1)
    equal([c for c in result.out if c != '\n' and not ' ' <= c <= '~'], [], 'characters')
    for fault in _faults(text):
        equal([c for c in json.dumps(fault) if not ' ' <= c <= '~'], [])


def real_logs_of_a_run_are_explained():
    linux, secure = os.path.join(LOGS, 'run-linux.txt'), os.path.join(LOGS, 'run-secure.txt')
    result = pilot('explain', '--json', '--secure-log', secure, linux)
    equal((result.status, result.err), (1, ''))
    found = result.json()['faults']
    roles = [(fault['id'], fault['count'], fault['processor']) for fault in found if fault['role'] == 'fault']
    equal(roles, [('smmuv3-permission', 10, 'adsp'), ('rproc-fatal', 1, 'adsp'), ('rproc-auth', 3, 'adsp'), ('shim-master', 1, None),
                  ('shim-fault', 1, 'adsp'), ('pilot-refused', 1, 'adsp'), ('pilot-refused', 1, 'adsp'),
                  ('pilot-refused', 1, 'adsp')])
    auth = next(fault for fault in found if fault['id'] == 'rproc-auth')
    equal([found[index]['reason']['name'] for index in auth['secure_world']], ['HASH_SEGMENT', 'CERT_ROOT', 'BIND_SOC'])
    equal(auth['images'], 'adsp-forged-segment.mbn, adsp-foreign-root.mbn, adsp-wrong-device.mbn')
    words = next(fault for fault in found if fault['id'] == 'rproc-fatal')
    equal((words['reason']['name'], words['after'], found[words['secure_world'][0]]['id']), ('MMU_TRANSLATION', None, 'shim-fault'))
    equal(bool(words['recovered']), True)
    # the same in one log
    with open(linux, 'rb') as first, open(secure, 'rb') as second:
        both = _faults(first.read() + second.read())
    equal(sorted(fault['id'] for fault in both), sorted(fault['id'] for fault in found))


def narrow_terminals_get_narrow_lines():
    text = _stamped(_context(0x402, 0x3d0011), f'{V3}unexpected global error reported (0x00000024), this could be serious', *CRASH)
    write('a.log', text.encode())
    for columns in (50, 80, 120):
        lines = pilot('explain', 'a.log', env={'COLUMNS': str(columns)}).out.splitlines()
        # a path is one word
        wide = [line for line in lines if len(line) > columns and ' ' in line.strip()]
        equal(wide, [], f'{columns} columns')


def a_list_without_a_log_and_help():
    result = pilot('explain', '--list')
    equal(result.status, 0)
    contains(result.out, 'smmuv2-translation')
    contains(pilot('explain', '--help').out, 'exit status:')


if __name__ == '__main__':
    main(collect(globals()))
