# SPDX-License-Identifier: BSD-2-Clause
"""A small run's directory, as 'make run' leaves one, made without any machine: for those who test what is made of it."""
import json
import os
import struct
import subprocess

from harness import SIGN, equal, pilot, read, sign, write

STEPS = [{'name': 'secure-world', 'ok': True, 'seconds': 0.375, 'observed': 'monitor at EL3 on 6 CPUs'},
         {'name': 'adsp-running', 'ok': True, 'seconds': 1.5, 'observed': 'heartbeat went from 1 to 3'},
         {'name': 'cdsp-running', 'ok': False, 'seconds': 15.0, 'observed': 'the secure log does not say that'},
         {'name': 'power-off', 'ok': False, 'seconds': 0.0, 'observed': 'not reached'}]
SECURE = '''[    0.018995] monitor: up on 6 CPUs
[    2.033550] scm: call refused: SCM_UNKNOWN: function 0xc2002404 is not offered
[    5.261337] shim: core 0: read of 0x50000000 at pc 0xb00005d4: address 0x50000000 is not mapped (level 1)
[    6.706317] adsp: AUTH_AND_RESET refused: HASH_SEGMENT: segment 2: digest of 2064 bytes differs from its hash table entry
[    7.706317] adsp: AUTH_AND_RESET refused: HASH_SEGMENT: segment 2: digest of 2064 bytes differs from its hash table entry
E/TA:  m33: LOAD_FW refused: CONTAINER_PROCESSOR: made for processor 2; this is 1
adsp: AUTH_AND_RESET refused: its resource table cannot be mapped
'''
TREE = '''/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; model = "A board";
	memory@40000000 { device_type = "memory"; reg = <0x40000000 0x10000000>; };
	reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges; dsp: dsp-mem@48000000 { reg = <0x48000000 0x100000>; no-map; }; };
	smmu: iommu@9050000 { compatible = "arm,smmu-v3"; reg = <0x9050000 0x20000>; #iommu-cells = <1>; };
	remoteproc@0 { compatible = "qcom,sa8775p-adsp-pas"; reg = <0 0x100>; memory-region = <&dsp>; iommus = <&smmu 0x1234>; }; };
'''
FILES = ('host.dtb', 'linux.log', 'result.json', 'secure.log', 'trace.bin')


def record(path='run/result.json', **changes):
    values = {'steps': STEPS, 'kernel': '7.2.12', 'qemu': '7.2.22', 'cpu': 'max', 'smp': 3, 'remote_cores': 3, 'memory': 2 << 30,
              'arrangement': 'owner', 'fuses': {'name': 'fuses.bin', 'path': 'firmware/fuses.bin'},
              'images': [{'name': name, 'path': f'firmware/{name}', 'peripheral': name.split('.')[0].split('-')[0]}
                         for name in ('adsp.mbn', 'adsp-foreign.mbn', 'adsp-other.mbn', 'm4.elf', 'm33.bin', 'gone.mbn')]}
    values.update(changes)
    write(path, json.dumps({key: value for key, value in values.items() if value is not None}).encode())


def trace(records):
    """A trace of the service's, whose ring is the 13th: (time, event, id, a, b) each."""
    header = struct.pack('<6IQ32x', 0x43525450, 1, 8192, 32, 72, 1024, 1000000)
    ring = struct.pack('<IHHIIQ40x', 0x474e4952, 1, 0, 1024, 0, len(records))
    data = bytearray(2367488)
    data[:len(header)] = header
    data[64 + 12 * 64:64 + 13 * 64] = ring
    for number, (time, event, peripheral, a, b) in enumerate(records):
        struct.pack_into('<QIHHQQ', data, 8192 + 12 * 32768 + number * 32, time, number + 1, event, peripheral, a, b)
    return bytes(data)


def _firmware():
    os.makedirs('run/firmware')
    equal(pilot('fuses', 'new', '-o', 'run/firmware/fuses.bin', '--root', 'keys/root.crt', '--soc', '0x6019', '--oem', '1', '--model',
                '0', '--container-key', 'keys/leaf.crt').status, 0)
    equal(pilot('keys', 'new', 'foreign', '--name', 'Somebody else').status, 0)
    sign('a.elf', 'run/firmware/adsp.mbn')
    sign('a.elf', 'run/firmware/adsp-foreign.mbn', keys='foreign')
    sign('a.elf', 'run/firmware/adsp-other.mbn', ids=['--soc', '0x601a', *SIGN[2:]])
    write('run/firmware/m4.elf', read('a.elf'))
    equal(pilot('keys', 'new', '--type', 'ec-p256', 'container').status, 0)
    equal(pilot('image', 'sign', '--format', 'container', 'a.elf', '-o', 'run/firmware/m33.bin', '--key', 'container/leaf.key',
                '--processor', '1', '--anti-rollback', '1').status, 0)


_made = {}


def make():
    """run/ with everything that a run has. What takes time, keys and signatures, is made once and then written again."""
    if _made:
        os.makedirs('run/firmware')
        for name, data in _made.items():
            write(name, data)
        return
    _firmware()
    record()
    write('run/secure.log', SECURE.encode())
    write('run/linux.log', b'[    0.000000] Booting Linux\r\n[    1.000000] remoteproc remoteproc0: adsp is up\r\n'
          b'[    6.800000] qcom_q6v5_pas remoteproc-adsp: failed to authenticate image and release reset\r\n')
    done = subprocess.run(['dtc', '-q', '-I', 'dts', '-O', 'dtb', '-o', 'run/host.dtb', '-'], input=TREE.encode(), check=False)
    equal(done.returncode, 0, 'dtc')
    # adsp: AUTH_AND_RESET, LOCKED -> RUNNING, accepted; then one that is refused; both on the service's ring
    write('run/trace.bin', trace([(1000, 0x20, 1, 5, 0), (1500, 0x2a, 1, 3, 5), (2000, 0x21, 1, 5, 0), (3000, 0x20, 1, 5, 0),
                                  (4000, 0x21, 1, 5, 40)]))
    for where, _, names in os.walk('run'):
        _made.update({os.path.join(where, name): read(os.path.join(where, name)) for name in names})
