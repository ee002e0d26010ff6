# SPDX-License-Identifier: BSD-2-Clause
"""pilot board show and streams, on device trees that dtc compiles here."""
import json
import os
import re
import struct
import subprocess

from harness import Skip, TOP, check_schema, collect, contains, equal, main, pilot, read, write

BOARD = '''
/dts-v1/;
/memreserve/ 0x47000000 0x1000;
/ {
	#address-cells = <2>; #size-cells = <2>;
	model = "A board"; compatible = "maker,board", "maker,soc";
	interrupt-parent = <&intc>;
	memory@40000000 { device_type = "memory"; reg = <0 0x40000000 0 0x80000000>; };
	reserved-memory {
		#address-cells = <2>; #size-cells = <2>; ranges;
		adsp_mem: adsp@90000000 { reg = <0 0x90000000 0 0x1a00000>; no-map; };
		dtb_mem: dtb@91a00000 { reg = <0 0x91a00000 0 0x80000>; no-map;
			iommu-addresses = <&adsp 0x1000 0x2000>; };
		pool { size = <0 0x400000>; alignment = <0 0x10000>; alloc-ranges = <0 0 1 0>; reusable;
			compatible = "shared-dma-pool"; };
	};
	firmware { scm: scm { compatible = "qcom,scm-sm8550", "qcom,scm"; }; };
	soc@0 {
		#address-cells = <1>; #size-cells = <1>;
		ranges = <0x0 0x1 0x0 0x40000000>;
		dma-ranges = <0x80000000 0x0 0x0 0x40000000>;
		intc: interrupt-controller@17a00000 { reg = <0x17a00000 0x10000>; interrupt-controller; #interrupt-cells = <3>; };
		smp2p-adsp {
			in: slave { interrupt-controller; #interrupt-cells = <2>; };
			out: master { #qcom,smem-state-cells = <1>; };
		};
		clk: clock-controller { #clock-cells = <1>; #reset-cells = <1>; };
		pd: power-controller { #power-domain-cells = <1>; #interconnect-cells = <1>; };
		ipcc: mailbox@408000 { reg = <0x408000 0x1000>; #mbox-cells = <2>; };
		smmu: iommu@15000000 { compatible = "qcom,sm8550-smmu-500", "qcom,smmu-500", "arm,mmu-500";
			reg = <0x15000000 0x100000>; #iommu-cells = <2>; };
		gpu_smmu: iommu@3da0000 { compatible = "qcom,sm8550-smmu-500", "qcom,adreno-smmu", "qcom,smmu-500", "arm,mmu-500";
			reg = <0x3da0000 0x40000>; #iommu-cells = <2>; };
		adsp: remoteproc@30000000 {
			compatible = "qcom,sm8550-adsp-pas"; reg = <0x30000000 0x100>;
			firmware-name = "qcom/adsp.mbn", "qcom/adsp_dtb.mbn";
			memory-region = <&adsp_mem>, <&dtb_mem>; memory-region-names = "main", "dtb";
			iommus = <&smmu 0x1000 0x80>;
			interrupts-extended = <&intc 0 162 1>, <&in 0 1>; interrupt-names = "wdog", "fatal";
			clocks = <&clk 3>; clock-names = "xo";
			power-domains = <&pd 5>, <&pd 6>; power-domain-names = "lcx", "lmx";
			resets = <&clk 9>;
			interconnects = <&pd 1>, <&pd 2>, <&pd 3>, <&pd 4>; interconnect-names = "memory", "config";
			qcom,smem-states = <&out 0>; qcom,smem-state-names = "stop";
			glink-edge {
				mboxes = <&ipcc 3 0>;
				fastrpc { compute-cb@3 { iommus = <&smmu 0x1003 0x80>, <&smmu 0x1063 0x0>; }; };
			};
		};
		cdsp: remoteproc@32300000 { compatible = "qcom,sm8550-cdsp-pas"; reg = <0x32300000 0x100>;
			interrupts = <0 578 1>; memory-region = <&adsp_mem>; status = "disabled"; };
		video: video-codec@aa00000 { compatible = "qcom,sm8550-iris"; reg = <0xaa00000 0x1000>;
			iommus = <&smmu 0x1940 0x0>; iommu-map = <0x100 &smmu 0x1947 0x20 0x1>; };
		gpu@3d00000 { compatible = "qcom,adreno-43050a01", "qcom,adreno"; iommus = <&gpu_smmu 0 0>;
			zap: zap-shader { memory-region = <&dtb_mem>; }; };
		display@ae00000 { compatible = "qcom,sm8550-mdss"; iommus = <&smmu 0x1c00 0x2>; };
		dsp@8000000 { compatible = "other,dsp"; memory-region = <&adsp_mem>; mboxes = <&ipcc 9 9>; };
	};
};
'''
TEE = '''
/dts-v1/;
/ {
	#address-cells = <2>; #size-cells = <2>;
	smmu: iommu@9050000 { compatible = "arm,smmu-v3"; reg = <0 0x9050000 0 0x20000>; #iommu-cells = <1>; };
	reserved-memory {
		#address-cells = <2>; #size-cells = <2>; ranges;
		buffer@b8a40000 { reg = <0 0xb8a40000 0 0x40000>; no-map; iommu-addresses = <&nic 0 0xb8a40000 0 0x40000>; };
	};
	firmware { optee {
		compatible = "linaro,optee-tz"; #address-cells = <1>; #size-cells = <1>;
		service: rproc-service@0 {
			compatible = "80a4c275-0a47-4905-8285-1486a9771a08"; reg = <0 0>;
			#address-cells = <1>; #size-cells = <1>; dma-ranges = <0x20000000 0xb8a00000 0x100000>;
			m33@3 { reg = <3 0>; firmware-name = "m33.bin"; iommus = <&smmu 0x33>; };
		};
	}; };
	nic: nic@1 { iommus = <&smmu 7>; };
	off@2 { iommus = <&smmu 8>; status = "disabled"; };
	pcie@3 { device_type = "pci"; iommu-map = <0x0 &smmu 0x20000 0x10000>; };
	m0 { compatible = "pilot,virt-m0"; rproc-tee = <&service 5>; };
};
'''
OVERLAY = '/dts-v1/; /plugin/; &cdsp { status = "okay"; iommus = <&smmu 0xc00 0x20>; };'


def _compile_tree(text, path='t.dtb', symbols=True):
    """@text through dtc, whose warnings are no matter."""
    done = subprocess.run(['dtc', '-q', *(['-@'] if symbols else []), '-I', 'dts', '-O', 'dtb', '-o', path, '-'],
                          input=text.encode(), stderr=subprocess.PIPE, timeout=60, check=False)
    equal((done.returncode, done.stderr), (0, b''), 'dtc')
    return path


def _show(*args, schema=True):
    result = pilot('board', 'show', '--json', *args)
    equal((result.status, result.err), (0, ''))
    if schema:
        check_schema(result.json(), 'board-show')
    return result.json()


def _streams(*args):
    result = pilot('board', 'streams', '--json', *args)
    equal((result.status, result.err), (0, ''))
    check_schema(result.json(), 'board-streams')
    return result.json()


def _fates(document, arrangement):
    """(SID, mask, who): outcome as "A" or "A > B"."""
    found = {}
    for row in document['streams']:
        one = row['arrangements'][arrangement]
        who = (row['owner']['peripheral'] or row['owner']['node'].rsplit('/', 1)[1]) if row['owner'] else None
        text = one['first'] if one['first'] == one['then'] else f'{one["first"]} > {one["then"]}'
        found[int(row['sid'], 16), int(row['mask'], 16), who] = text
    return found


def _peripheral(document, name):
    return next(p for p in document['peripherals'] if p['name'] == name)


def _refused(part, *args):
    result = pilot('board', 'show', *args)
    equal((result.status, result.out), (2, ''), args)
    contains(result.err, part)
    return result


def show_has_all_of_a_processor():
    p = _peripheral(_show(_compile_tree(BOARD)), 'adsp')
    equal((p['path'], p['kind'], p['vendor'], p['compatible']),
          ('/soc@0/remoteproc@30000000', 'remoteproc', 'Qualcomm', 'qcom,sm8550-adsp-pas'))
    equal(p['service'], {'kind': 'scm', 'node': '/firmware/scm', 'id': None})
    equal(p['pas'], [{'id': 1, 'image': 'main'}, {'id': 0x24, 'image': 'dtb'}])
    equal(p['firmware'], ['qcom/adsp.mbn', 'qcom/adsp_dtb.mbn'])
    equal(p['registers'], [{'base': '0x130000000', 'size': '0x100'}], 'through ranges')
    equal([(r['base'], r['size'], r['no_map'], r['name']) for r in p['regions']],
          [('0x90000000', '0x1a00000', True, 'main'), ('0x91a00000', '0x80000', True, 'dtb')])
    equal([(s['sid'], s['mask'], s['node'].rsplit('/', 1)[1], s['index']) for s in p['streams']],
          [('0x1000', '0x80', 'remoteproc@30000000', 0), ('0x1003', '0x80', 'compute-cb@3', 0),
           ('0x1063', '0x0', 'compute-cb@3', 1)])
    for key, wanted in (('interrupts', [('wdog', 'interrupt-controller@17a00000', [0, 162, 1]), ('fatal', 'slave', [0, 1])]),
                        ('clocks', [('xo', 'clock-controller', [3])]), ('resets', [(None, 'clock-controller', [9])]),
                        ('power_domains', [('lcx', 'power-controller', [5]), ('lmx', 'power-controller', [6])]),
                        ('mailboxes', [(None, 'mailbox@408000', [3, 0])]), ('states', [('stop', 'master', [0])]),
                        ('hwlocks', []),
                        ('interconnects', [(name, 'power-controller', [n]) for name, n in
                                           (('memory', 1), ('memory', 2), ('config', 3), ('config', 4))])):
        equal([(r['name'], r['provider'].rsplit('/', 1)[1], r['cells']) for r in p[key]], wanted, key)
    equal(p['dma_ranges'], {'node': '/soc@0', 'ranges': [{'bus': '0x80000000', 'cpu': '0x0', 'size': '0x40000000'}]})


def show_finds_every_kind():
    document = _show('--all', _compile_tree(BOARD))
    equal({p['name']: (p['kind'], p['service']['kind'], [i['id'] for i in p['pas']], p['enabled'])
           for p in document['peripherals']},
          {'adsp': ('remoteproc', 'scm', [1, 36], True), 'cdsp': ('remoteproc', 'scm', [18, 37], False),
           'video': ('video', 'scm', [9], True), 'zap': ('gpu-zap', 'scm', [13], True),
           'dsp': ('other', 'unknown', [], True)})
    equal([i['kind'] for i in document['iommus']], ['smmu-v2', 'smmu-v2'])
    equal((document['model'], document['compatible'], document['scm'], document['optee']),
          ('A board', 'maker,board', '/firmware/scm', None))
    equal(document['memory'], [{'base': '0x40000000', 'size': '0x80000000'}])
    equal(document['memreserve'], [{'base': '0x47000000', 'size': '0x1000'}])
    equal([(r['name'], r['base'], r['size'], r['dynamic'], r['reusable'], r['compatible']) for r in document['regions']],
          [('adsp', '0x90000000', '0x1a00000', False, False, None), ('dtb', '0x91a00000', '0x80000', False, False, None),
           ('pool', None, '0x400000', True, True, 'shared-dma-pool')])
    equal(document['regions'][1]['iommu_addresses'],
          [{'device': '/soc@0/remoteproc@30000000', 'address': '0x1000', 'size': '0x2000'}])
    equal(document['problems'], [])


def show_is_readable():
    result = pilot('board', 'show', _compile_tree(BOARD))
    equal((result.status, result.err), (0, ''))
    for part in ('adsp  audio DSP', 'PAS by SCM, /firmware/scm; PAS id 1 (main), 36 (dtb)', '26 MiB  no-map   adsp@90000000 "main"',
                 'qcom/adsp.mbn, qcom/adsp_dtb.mbn', '0x1000 mask 0x0080', 'glink-edge/fastrpc/compute-cb@3',
                 'fatal (smp2p-adsp/slave 0 1)', '1 more is disabled; --all shows it', 'iommu-map of 0x100',
                 '0x80000000 is 0x0  1 GiB  /soc@0'):
        contains(result.out, part)
    equal('cdsp' in result.out, False, 'a disabled node')
    shown = pilot('board', 'show', '--all', 't.dtb').out
    for part in ('cdsp  compute DSP  (disabled)', 'none of its own', '/memreserve/', 'anywhere'):
        contains(shown, part)
    for width in (40, 60, 120):
        longest = max(map(len, pilot('board', 'show', 't.dtb', env={'COLUMNS': str(width)}).out.split('\n')))
        equal(longest <= 120, True, f'{longest} columns')


def processors_of_a_tee_are_found():
    document = _show(_compile_tree(TEE))
    equal({p['name']: (p['service'], p['regions'], p['registers']) for p in document['peripherals']},
          {'m33': ({'kind': 'tee', 'node': '/firmware/optee/rproc-service@0', 'id': 3}, [], []),
           'm0': ({'kind': 'tee', 'node': '/firmware/optee/rproc-service@0', 'id': 5}, [], [])})
    equal(_peripheral(document, 'm33')['dma_ranges'],
          {'node': '/firmware/optee/rproc-service@0', 'ranges': [{'bus': '0x20000000', 'cpu': '0xb8a00000', 'size': '0x100000'}]})
    equal((document['optee'], document['scm']), ('/firmware/optee', None))


def drivers_without_pas_are_told_apart():
    text = BOARD.replace('0x20 0x1>; };', '0x20 0x1>; video-firmware { }; };')
    p = _peripheral(_show(_compile_tree(text)), 'video')
    equal((p['service']['kind'], p['pas']), ('direct', []))
    for loader, service in (('qcom,gsi-loader = "self";', 'scm'), ('qcom,gsi-loader = "modem";', 'direct'),
                            ('modem-init;', 'direct'), ('', 'scm')):
        p = _peripheral(_show(_compile_tree('/dts-v1/; / { ipa { compatible = "qcom,sc7280-ipa"; %s }; };' % loader)), 'ipa')
        equal((p['service']['kind'], len(p['pas'])), (service, service == 'scm'), loader)


def other_vendors_are_known():
    tree = ('/dts-v1/; / { firmware { optee { compatible = "linaro,optee-tz"; }; }; p { compatible = "%s"; st,proc-id = <2>; };'
            ' firmware2 { scm { compatible = "qcom,scm"; }; }; };')
    for compatible, vendor, name, service, node in (
            ('st,stm32mp1-m4', 'ST', 'm4', 'direct', None), ('st,stm32mp2-m33-tee', 'ST', 'm33', 'tee', '/firmware/optee'),
            ('ti,j721e-c71-dsp', 'TI', 'c71', 'direct', None), ('fsl,imx8mp-cm7', 'NXP', 'cm7', 'direct', None),
            ('mediatek,mt8183-scp', 'MediaTek', 'scp', 'direct', None), ('xlnx,zynqmp-r5f', 'AMD', 'r5f', 'direct', None),
            ('renesas,rcar-cr7', 'Renesas', 'cr7', 'direct', None), ('qcom,pronto-v3-pil', 'Qualcomm', 'wcnss', 'scm', '/firmware2/scm'),
            ('qcom,msm8916-mss-pil', 'Qualcomm', 'modem', 'direct', None)):
        p = _show(_compile_tree(tree % compatible))['peripherals'][0]
        equal((p['vendor'], p['name'], p['service']['kind'], p['service']['node']), (vendor, name, service, node), compatible)
        equal(p['service']['id'], 2 if service == 'tee' else None)


def overlays_are_laid_over():
    _compile_tree(BOARD)
    write('o.dtso', OVERLAY.encode())
    _compile_tree(OVERLAY, 'o.dtbo')
    for overlay in ('o.dtbo', 'o.dtso'):
        p = _peripheral(_show('t.dtb', '--overlay', overlay), 'cdsp')
        equal((p['enabled'], [(s['sid'], s['mask']) for s in p['streams']]), (True, [('0xc00', '0x20')]), overlay)
    _compile_tree('/dts-v1/; /plugin/; &cdsp { iommus = <&smmu 0xd00 0>; };', 'second.dtbo')
    p = _peripheral(_show('t.dtb', '--overlay', 'o.dtbo', '--overlay', 'second.dtbo'), 'cdsp')
    equal(p['streams'][0]['sid'], '0xd00', 'the second is laid over the first')
    write('t.dts', BOARD.encode())
    equal(_peripheral(_show('t.dts', '--overlay', 'o.dtso'), 'cdsp')['enabled'], True, 'sources')


def overlays_that_do_not_fit_are_explained():
    _compile_tree(OVERLAY, 'o.dtbo')
    text = _refused("but plain.dtb has no labels (no node __symbols__): compile it with 'dtc -@'",
                   _compile_tree(BOARD, 'plain.dtb', symbols=False), '--overlay', 'o.dtbo').err
    contains(text, "o.dtbo: refers to the label 'cdsp'")
    _compile_tree('/dts-v1/; /plugin/; &nowhere { };', 'o.dtbo')
    _refused("o.dtbo: refers to the label 'nowhere', which t.dtb does not have", _compile_tree(BOARD), '--overlay', 'o.dtbo')
    _compile_tree('/dts-v1/; /plugin/; / { fragment@0 { target-path = "/no/such"; __overlay__ { }; }; };', 'o.dtbo')
    _refused('o.dtbo: a target does not exist in t.dtb', 't.dtb', '--overlay', 'o.dtbo')
    _refused('t.dtb: has no fragments: not an overlay', 't.dtb', '--overlay', 't.dtb')
    _refused('none.dtbo: No such file', 't.dtb', '--overlay', 'none.dtbo')


def sources_go_through_dtc():
    write('t.dts', BOARD.encode())
    equal([p['name'] for p in _show('t.dts')['peripherals']], ['adsp', 'video', 'zap', 'dsp'])
    write('bad.dts', b'/dts-v1/;\n/ { broken = <&>; };\n')
    text = _refused('bad.dts: dtc cannot compile it:', 'bad.dts').err
    contains(text, 'bad.dts: dtc: Error: bad.dts:2.')
    write('cpp.dts', b'/dts-v1/;\n#include <dt-bindings/x.h>\n/ { #address-cells = <1>; };\n')
    contains(_refused('cpp.dts: line 2 is for the C preprocessor', 'cpp.dts').err, '| dtc -@ -o tree.dtb')
    write('cells.dts', b'/dts-v1/;\n/ {\n#address-cells = <1>;\n#size-cells = <0>; };\n')
    equal(_show('cells.dts')['peripherals'], [])
    result = pilot('board', 'show', 't.dts', env={'PATH': '/nonexistent'})
    equal(result.status, 2)
    contains(result.err, 't.dts: is a source: it takes the program dtc (package device-tree-compiler), which is not here')


def damaged_trees_are_refused():
    good = read(_compile_tree(BOARD))
    for size in (0, 3, 7, 20, 39, 40, 100, len(good) // 2, len(good) - 1):
        write('cut.dtb', good[:size])
        _refused('cut.dtb: ', 'cut.dtb')
    write('cut.dtb', good[:-1])
    _refused(f'the device tree is cut off: its header says {len(good)} bytes, there are {len(good) - 1}', 'cut.dtb')
    write('x.dtb', b'\0' * 100)
    _refused('not a device tree: it does not begin with 0xd00dfeed', 'x.dtb')
    write('x.dtb', good[:20] + (3).to_bytes(4, 'big') + good[24:])
    _refused('device tree of version 3', 'x.dtb')
    write('x.dtb', good[:8] + (0xfffffff0).to_bytes(4, 'big') + good[12:])
    _refused('the device tree is damaged: ', 'x.dtb')
    _refused('not a regular file', '.')


def any_flipped_byte_is_survived():
    good = bytearray(read(_compile_tree(BOARD, symbols=False)))
    outcomes = set()
    for at in range(0, len(good), len(good) // 60):
        bad = bytearray(good)
        bad[at] ^= 0xff
        write('x.dtb', bad)
        for command in ('show', 'streams'):
            outcomes.add(pilot('board', command, 'x.dtb').status)
    equal(outcomes, {0, 2})


def files_that_cannot_be_mapped_are_read():
    """/sys/firmware/fdt is one; this one is on every Linux machine, and no device tree."""
    if not os.path.exists('/sys/kernel/notes'):
        raise Skip('no /sys/kernel/notes here')
    _refused('/sys/kernel/notes: not a device tree: it does not begin with 0xd00dfeed', '/sys/kernel/notes')


def nodes_too_deep_are_refused():
    write('x.dts', ('/dts-v1/;\n/ {' + 'a {' * 65 + '};' * 66).encode())
    _refused('x.dts: nodes are nested more than 64 deep', 'x.dts')
    write('x.dts', ('/dts-v1/;\n/ {' + 'a {' * 64 + '};' * 65).encode())
    equal(_show('x.dts')['peripherals'], [])


def trees_without_measure_are_refused():
    name = 'n' * 200
    write('x.dts', ('/dts-v1/;\n/ {' + f'{name} {{' * 11 + '};' * 12).encode())
    _refused('x.dts: the path of a node at offset ', 'x.dts')
    nodes = struct.pack('>II', 1, 0) + 65536 * struct.pack('>I4sI', 1, b'n', 2) + struct.pack('>II', 2, 9)
    write('x.dtb', struct.pack('>10I16x', 0xd00dfeed, 56 + len(nodes), 56, 56 + len(nodes), 40, 17, 16, 0, 0, len(nodes)) + nodes)
    _refused('x.dtb: the device tree has more than 65536 nodes', 'x.dtb')
    write('x.dtb', read(_compile_tree(BOARD)) + bytes(16 << 20))
    _refused('bytes are too many for a device tree: 16777216 at most', 'x.dtb')


def long_lists_are_read_up_to_a_limit():
    document = _show(_compile_tree('/dts-v1/; / { remoteproc { compatible = "x,y"; mboxes = <%s>; }; };' % ('0 ' * 5000)))
    equal(len(document['peripherals'][0]['mailboxes']), 4096)
    equal(document['problems'][0]['text'], 'entry 4096: has too many entries')


def phandles_in_circles_end():
    _compile_tree('''/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;
        a: a { interrupt-parent = <&b>; #interrupt-cells = <1>; interrupt-controller; interrupts = <1>; };
        b: b { interrupt-parent = <&a>; #interrupt-cells = <1>; interrupt-controller; interrupts = <1>; };
        i: iommu@1 { #iommu-cells = <1>; iommus = <&i 1>; compatible = "arm,smmu-v3"; };
        remoteproc { compatible = "x,y"; mboxes = <&i>; interrupt-parent = <&a>; interrupts = <1 2>;
            iommus = <&i 1>; memory-region = <&a>; clocks = <0 0>; }; };''')
    document = _show('t.dtb')
    p = _peripheral(document, 'remoteproc')
    equal([len(p['interrupts']), p['regions'][0]['base'], [c['provider'] for c in p['clocks']]], [2, None, [None, None]])
    equal([x['text'] for x in document['problems']],
          ['entry 0: the number of cells of an entry is missing, or more than can be'])
    equal(len(_streams('t.dtb')['streams']), 2)


def numbers_that_make_no_sense_are_told():
    _compile_tree('''/dts-v1/; / { #address-cells = <2>; #size-cells = <2>;
        i: iommu { #iommu-cells = <0xffffffff>; };
        j: iommu2 { #iommu-cells = <2>; compatible = "arm,smmu-v2"; };
        reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges;
            wrap { reg = <0xffffffff 0xfffff000 0 0x2000>; };
            half { reg = <0 0 0 0x1000 0 0>; };
            none { }; };
        bus { #address-cells = <9>; #size-cells = <2>; dma-ranges = <1>;
            remoteproc@1 { compatible = "x,y"; reg = <1 2>; memory-region = <0x1234>; firmware-name = <1>;
                iommus = <&j 1>; iommu-map = <0 &j 0x80 0 4>, <1 &j>; }; }; };''')
    document = _show('t.dtb')
    told = {(x['node'].rsplit('/', 1)[1], x['property']): x['text'] for x in document['problems']}
    equal(told[('iommu', '#iommu-cells')], 'is not one cell, or more than 16')
    equal(told[('wrap', 'reg')], 'entry 0: does not fit in 64 bits')
    equal(told[('half', 'reg')], 'entry 1: it ends in the middle of an entry')
    equal(told[('none', None)], 'neither reg nor a size of at most 64 bits')
    equal(told[('remoteproc@1', 'reg')], 'entry 0: the number of cells of an entry is missing, or more than can be')
    equal(told[('bus', 'dma-ranges')], 'entry 0: the number of cells of an entry is missing, or more than can be')
    equal(told[('remoteproc@1', 'memory-region')], 'entry 0: its phandle leads to no node')
    equal(told[('remoteproc@1', 'firmware-name')], 'is no list of strings')
    equal(told[('remoteproc@1', 'iommus')], 'entry 0: it ends in the middle of an entry')
    contains(' '.join(x['text'] for x in document['problems']), 'is for 4 ids, but 2 cells per stream')
    text = pilot('board', 'show', 't.dtb').out
    contains(text, '/bus/remoteproc@1: memory-region: entry 0: its phandle leads to no node')


def names_do_not_drive_the_terminal():
    text = BOARD.replace('remoteproc@30000000', 'remoteproc@ESCAPE00').replace('qcom/adsp.mbn', 'ESCAPE00') \
        .replace('A board', 'ESCAPE00')
    data = read(_compile_tree(text)).replace(b'ESCAPE00', b'\x1b[31m\x07\xff\n')
    write('x.dtb', data)
    for command in ('show', 'streams'):
        for more in ([], ['--json']):
            result = pilot('board', command, *more, 'x.dtb')
            equal((result.status, [c for c in result.out + result.err if c != '\n' and not ' ' <= c <= '~']), (0, []))
    contains(pilot('board', 'show', 'x.dtb').out, '/soc@0/remoteproc@?[31m???')


def maps_are_read_with_one_and_two_cells():
    """Linux takes entries of one cell for an IOMMU of two where all lead to one node and are for one id."""
    tree = '/dts-v1/; / { s: iommu { compatible = "arm,smmu-v2"; #iommu-cells = <2>; }; p { iommu-map = %s; }; };'
    for text, wanted in (('<0 &s 0x80 0 1>, <0x100 &s 0x81 0x7f 1>', [(0, 0x80, 0), (0x100, 0x81, 0x7f)]),
                         ('<0 &s 0x80 1>, <0x100 &s 0x81 1>', [(0, 0x80, 0), (0x100, 0x81, 0)]),
                         ('<0 &s 0x80 0 1>', [(0, 0x80, 0)])):
        found = [(int(r['owner']['function'], 16), int(r['sid'], 16), int(r['mask'], 16))
                 for r in _streams(_compile_tree(tree % text))['streams']]
        equal(found, [(f, sid & ~mask, mask) for f, sid, mask in wanted], text)


def linux_decides_where_it_owns_the_smmu():
    _compile_tree(BOARD)
    document = _streams('t.dtb')
    equal(_fates(document, 'owner'), {
        (0x0, 0x0, 'gpu@3d00000'): 'abort > identity', (0x1000, 0x80, 'adsp'): 'abort > translated',
        (0x1003, 0x80, 'adsp'): 'abort > translated', (0x1063, 0x0, 'adsp'): 'abort > translated',
        (0x1940, 0x0, 'video'): 'abort > translated', (0x1947, 0x20, 'video'): 'abort > translated',
        (0x1c00, 0x2, 'display@ae00000'): 'abort > identity'})
    equal([(i['kind'], i['keeps_inherited']) for i in document['iommus']], [('smmu-v2', True), ('smmu-v2', False)])


def inherited_registers_stay_in_bypass():
    _compile_tree(BOARD)
    write('left.txt', b'# boot firmware\nsmmu 0x115000000\ngroup 4 0x80801000 0x10000\ngroup 5 0x00001003\n'
          b'sid 0x1060 mask 0x3\t# half of it\nsid 0x1947 mask 0x20\nsid 0x400\nsmmu /soc@0/iommu@3da0000\nsid 0\n')
    document = _streams('t.dtb', '--inherited', 'left.txt')
    equal(_fates(document, 'owner'), {
        (0x0, 0x0, 'gpu@3d00000'): 'abort > identity', (0x400, 0x0, None): 'bypass',
        (0x1000, 0x80, 'adsp'): 'bypass > translated', (0x1003, 0x80, 'adsp'): 'abort > translated',
        (0x1060, 0x3, None): 'bypass > translated', (0x1063, 0x0, 'adsp'): 'bypass > translated',
        (0x1940, 0x0, 'video'): 'abort > translated', (0x1947, 0x20, 'video'): 'bypass > translated',
        (0x1c00, 0x2, 'display@ae00000'): 'abort > identity'})
    row = next(r for r in document['streams'] if r['sid'] == '0x1000')
    equal(row['inherited'], {'group': 4, 'sid': '0x1000', 'mask': '0x80', 's2cr': '0x10000'})
    row = next(r for r in document['streams'] if r['sid'] == '0x1063')
    contains(row['arrangements']['owner']['note'], 'takes over what boot firmware left at 0x1060 mask 0x3')
    equal(_fates(document, 'guest')[0x400, 0, None], 'abort', 'the hypervisor gives it up')
    text = pilot('board', 'streams', 't.dtb', '--inherited', 'left.txt').out
    for part in ('0x0400            left      nobody', 'bypass > translated', 'owner and tee'):
        contains(text, part)


def overlapping_streams_are_refused():
    _compile_tree(BOARD.replace('0x1063 0x0', '0x1000 0x8f'))
    document = _streams('t.dtb')
    row = next(r for r in document['streams'] if r['mask'] == '0x8f')
    equal(row['arrangements']['owner']['then'], 'refused')
    contains(row['arrangements']['owner']['note'], 'overlaps 0x1000 mask 0x80 of adsp, which does not cover it')
    equal(row['arrangements']['guest']['then'], 'refused', "libpilot's plan")
    write('left.txt', b'sid 0x1900 mask 0x60\nsid 0x1c02\n')
    result = pilot('board', 'streams', 't.dtb', '--inherited', 'left.txt', '--json')
    equal(result.status, 0)
    found = _fates(result.json(), 'owner')
    equal((found[0x1c00, 2, 'display@ae00000'], found[0x1940, 0, 'video']), ('bypass > refused', 'bypass > translated'))


def one_stream_of_two_nodes_is_one_group():
    _compile_tree(BOARD.replace('0x1940 0x0', '0x1000 0x0'))
    row = next(r for r in _streams('t.dtb')['streams'] if r['owner']['node'].endswith('aa00000') and r['sid'] == '0x1000')
    contains(row['arrangements']['owner']['note'], 'one register and one IOMMU group with adsp')


def a_new_stream_table_aborts():
    document = _streams(_compile_tree(TEE))
    equal(_fates(document, 'owner'), {(7, 0, 'nic@1'): 'abort > translated', (8, 0, 'off@2'): 'abort',
                                     (0x33, 0, 'm33'): 'abort > translated', (0x20000, 0, 'pcie@3'): 'abort > translated'})
    equal(_fates(document, 'tee')[0x33, 0, 'm33'], 'secure')
    equal(_fates(document, 'guest'), {(7, 0, 'nic@1'): 'translated', (8, 0, 'off@2'): 'abort',
                                     (0x33, 0, 'm33'): 'abort > translated', (0x20000, 0, 'pcie@3'): 'translated'})
    equal([r['count'] for r in document['streams']], [1, 1, 1, 0x10000])
    nic = next(r for r in document['streams'] if r['sid'] == '0x7')
    contains(nic['arrangements']['owner']['note'], 'buffer is mapped for it by iommu-addresses')
    text = TEE.replace('reg = <0 0x9050000 0 0x20000>;', 'status = "disabled";')
    equal(set(_fates(_streams(_compile_tree(text)), 'owner').values()), {'unmanaged'})


def one_arrangement_alone():
    document = _streams(_compile_tree(TEE), '--arrangement', 'guest')
    equal({tuple(r['arrangements']) for r in document['streams']}, {('guest',)})
    contains(pilot('board', 'streams', 't.dtb', '--arrangement', 'guest').out, 'guest')
    result = pilot('board', 'streams', 't.dtb', '--arrangement', 'both')
    equal(result.status, 2)
    contains(result.err, "arrangement 'both': owner, guest or tee")


def wrong_lists_are_told_by_line():
    _compile_tree(BOARD)
    for text, part in ((b'\nsid\n', "line 2: expected 'smmu ADDRESS', 'group N SMR [S2CR]' or 'sid SID [mask MASK]'"),
                       (b'smmu 0x1\n', "line 1: '0x1' is neither the address nor the path of an IOMMU of t.dtb"),
                       (b'smmu /soc@0\n', "line 1: '/soc@0' is neither"),
                       (b'sid 0x10000\n', "line 1: '0x10000' is no number of at most 0xffff"),
                       (b'sid 1 mask -1\n', "'-1' is no number"),
                       (b'group 128 0x80000000\n', "'128' is no number of at most 0x7f"),
                       (b'group 3 0x80000001\ngroup 3 0x80000002\n', 'line 2: group 3 was there already, in line 1'),
                       (b'sid 1 \x1b[31m\n', 'line 1: a word has more than 255 characters, or is no text'),
                       (b'sid 1 ' + b'x' * 300, 'line 1: a word has more than 255'),
                       (b''.join(b'sid %d\n' % i for i in range(129)), 'line 129: an SMMUv2 has at most 128')):
        write('left.txt', text)
        result = pilot('board', 'streams', 't.dtb', '--inherited', 'left.txt')
        equal((result.status, result.out), (2, ''), text)
        contains(result.err, 'left.txt: ')
        contains(result.err, part)
    _compile_tree(TEE)
    write('left.txt', b'sid 1\n')
    contains(pilot('board', 'streams', 't.dtb', '--inherited', 'left.txt').err, 'which SMMU? The tree has several, or none')
    write('left.txt', b'smmu 0x9050000\n')
    contains(pilot('board', 'streams', 't.dtb', '--inherited', 'left.txt').err, '/iommu@9050000 is no SMMUv2')


def commands_say_what_they_need():
    for command in ('show', 'streams'):
        for args, part in (([], 'DTB is missing'), (['a', 'b'], 'one DTB at a time'), (['--nonsense', 'a'], 'usage: pilot board')):
            result = pilot('board', command, *args)
            equal((result.status, result.out), (2, ''), args)
            contains(result.err, part)
        contains(pilot('board', command, *['--overlay', 'o'] * 33, 'a').err, 'one overlay too many: 32 at most')


def _preprocess(name, *defines):
    """A source of the board virt, compiled as the machine's start does it."""
    virt = os.path.join(TOP, 'boards/virt')
    text = subprocess.run(['cpp', '-nostdinc', '-undef', '-P', '-x', 'assembler-with-cpp', '-I', f'{virt}/include',
                           '-I', os.path.join(TOP, 'include'), '-D', 'HOST_CPUS=3', *defines, os.path.join(virt, name)],
                          stdout=subprocess.PIPE, check=True, timeout=60).stdout.decode()
    return _compile_tree(text, re.sub(r'\..*', '.dtb', name))


def _numbers(header, *names):
    """What the C preprocessor and Python make of constants."""
    text = f'#include <{header}>\n' + ''.join(f'@{name}\n' for name in names)
    done = subprocess.run(['cpp', '-P', '-I', os.path.join(TOP, 'boards/virt/include'), '-I', os.path.join(TOP, 'include'), '-'],
                          input=text.encode(), stdout=subprocess.PIPE, check=True, timeout=60).stdout.decode()
    return [int(eval(re.sub(r'(?<=[0-9a-fA-F])[uUlL]+\b', '', line[1:]), {}))  # pylint: disable=eval-used
            for line in done.split('\n') if line.startswith('@')]


def the_board_virt_is_shown_in_full():
    names = ('VIRT_ADSP_SID', 'VIRT_ADSP_MASTER_SID', 'VIRT_CDSP_SID', 'VIRT_VIDEO_SID', 'VIRT_VIDEO_PIXEL_SID',
             'VIRT_ADSP_MEM', 'VIRT_ADSP_SIZE', 'VIRT_VIDEO_QUEUE')
    adsp, master, cdsp, video, pixel, mem, size, queue = _numbers('virt/platform.h', *names)
    document = _show(_preprocess('virt.dts'), '--overlay', _preprocess('virt-el2.dtso'))
    found = {p['name']: p for p in document['peripherals']}
    equal({name: [i['id'] for i in p['pas']] for name, p in found.items()}, {'adsp': [1], 'cdsp0': [18], 'video': [9]})
    equal([[int(s['sid'], 16) for s in found[name]['streams']] for name in ('adsp', 'cdsp0')], [[adsp, master], [cdsp]])
    equal({video, pixel} <= {int(s['sid'], 16) for s in found['video']['streams']}, True)
    equal(found['adsp']['regions'][0]['base'], hex(mem))
    equal(found['adsp']['regions'][0]['size'], hex(size))
    equal((found['video']['regions'][1]['base'], found['video']['regions'][1]['name']), (hex(queue), 'queue'))
    equal(document['problems'], [])
    equal(_fates(_streams('virt.dtb', '--overlay', 'virt-el2.dtb'), 'owner')[adsp, 0, 'adsp'], 'abort > translated')
    found = {p['name']: p for p in _show(_preprocess('virt-tee.dts'))['peripherals']}
    equal({name: (p['service']['kind'], p['firmware']) for name, p in found.items()},
          {'m33': ('tee', ['m33.bin']), 'm0': ('tee', ['m0.bin'])})
    equal([r['name'] for r in found['m33']['regions']], ['vdev0vring0', 'vdev0vring1', 'vdev0buffer'])


def documents_have_no_surprises():
    """The schema is what a document is held against: one that is not its command's fails."""
    document = _show(_compile_tree(BOARD))
    document['peripherals'][0]['kind'] = 'surprise'
    try:
        check_schema(json.loads(json.dumps(document)), 'board-show')
    except AssertionError:
        return
    raise AssertionError('the schema takes anything')


main(collect(globals().copy()))
