# SPDX-License-Identifier: BSD-2-Clause
"""pilot board check: for every rule a device tree that breaks it, and one beside it that does not; the manual; options."""
import json
import os
import re
import subprocess

from harness import TOP, collect, contains, elf, equal, main, pilot, read, sign, write

MAN = os.path.join(TOP, 'docs/man/pilot-board-check.1')

# Every rule's trees are this one with a few lines changed; as it is, it is in order in arrangement owner.
BOARD = '''
/dts-v1/;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	compatible = "pilot,test";
	model = "a board";
	interrupt-parent = <&gic>;

	memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0x80000000>; };

	reserved-memory {
		#address-cells = <2>;
		#size-cells = <2>;
		ranges;
		smem: smem@80900000 { compatible = "qcom,smem"; reg = <0 0x80900000 0 0x200000>; no-map; hwlocks = <&tcsr 3>; };
		adsp_mem: adsp@90000000 { reg = <0 0x90000000 0 0x2000000>; no-map; };
		adsp_dtb: adsp-dtb@92000000 { reg = <0 0x92000000 0 0x80000>; no-map; };
		cdsp_mem: cdsp@93000000 { reg = <0 0x93000000 0 0x2000000>; no-map; };
		video_mem: video@96000000 { reg = <0 0x96000000 0 0x700000>; no-map; };
		zap_mem: zap@96800000 { reg = <0 0x96800000 0 0x2000>; no-map; };
		heap: heap@97000000 { compatible = "shared-dma-pool"; reg = <0 0x97000000 0 0x400000>; reusable; };
		c66_mem: c66@98000000 { reg = <0 0x98000000 0 0x100000>; no-map; };
		c66_pool: pool@98100000 { compatible = "shared-dma-pool"; reg = <0 0x98100000 0 0x100000>; no-map; };
		spare: spare@99000000 { reg = <0 0x99000000 0 0x100000>; no-map; };
	};

	elsewhere: elsewhere@9a000000 { reg = <0 0x9a000000 0 0x100000>; };

	firmware {
		scm: scm { compatible = "qcom,scm-x1e80100", "qcom,scm"; };
	};

	xo: clock { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <19200000>; };
	pd: power { #power-domain-cells = <1>; };
	rst: reset { #reset-cells = <1>; };

	smp2p-adsp {
		compatible = "qcom,smp2p";
		adsp_out: master-kernel { #qcom,smem-state-cells = <1>; };
		adsp_in: slave-kernel { interrupt-controller; #interrupt-cells = <2>; };
	};
	smp2p-cdsp {
		compatible = "qcom,smp2p";
		cdsp_out: master-kernel { #qcom,smem-state-cells = <1>; };
		cdsp_in: slave-kernel { interrupt-controller; #interrupt-cells = <2>; };
	};

	soc {
		compatible = "simple-bus";
		#address-cells = <2>;
		#size-cells = <2>;
		ranges;

		gic: interrupt-controller@17000000 {
			compatible = "arm,gic-v3"; reg = <0 0x17000000 0 0x10000>; interrupt-controller; #interrupt-cells = <3>;
		};
		ipcc: mailbox@408000 { compatible = "qcom,ipcc"; reg = <0 0x408000 0 0x1000>; #mbox-cells = <2>; };
		tcsr: hwlock@1f40000 { compatible = "qcom,tcsr-mutex"; reg = <0 0x1f40000 0 0x20000>; #hwlock-cells = <1>; };
		smmu: iommu@15000000 {
			compatible = "qcom,x1e80100-smmu-500", "qcom,smmu-500", "arm,mmu-500";
			reg = <0 0x15000000 0 0x100000>;
			#iommu-cells = <2>;
		};
		pcie@1c00000 {
			compatible = "qcom,pcie-sa8775p"; reg = <0 0x1c00000 0 0x3000>; device_type = "pci";
			#address-cells = <3>; #size-cells = <2>;
			iommu-map = <0x0 &smmu 0x100 0x0 1>, <0x100 &smmu 0x101 0x0 1>;
		};
		dma-controller@3a84000 {
			compatible = "qcom,bam-v1.7.4"; reg = <0 0x3a84000 0 0x20000>; #dma-cells = <1>;
			iommus = <&smmu 0x1826 0x0>;
		};
		ipa@3f40000 { compatible = "qcom,sc7280-ipa"; reg = <0 0x3f40000 0 0x10000>; iommus = <&smmu 0x480 0x0>; };
		gpu@3d00000 {
			compatible = "qcom,adreno-43050a01", "qcom,adreno"; reg = <0 0x3d00000 0 0x40000>;
			zap-shader { status = "disabled"; memory-region = <&zap_mem>; firmware-name = "qcom/zap.mbn"; };
		};
		adsp: remoteproc@6800000 {
			compatible = "qcom,x1e80100-adsp-pas";
			reg = <0 0x6800000 0 0x10000>;
			firmware-name = "qcom/adsp.mbn", "qcom/adsp_dtb.mbn";
			iommus = <&smmu 0x1000 0x80>;
			memory-region = <&adsp_mem>, <&adsp_dtb>;
			clocks = <&xo>; clock-names = "xo";
			power-domains = <&pd 1>, <&pd 2>; power-domain-names = "lcx", "lmx";
			interrupts-extended = <&gic 0 6 1>, <&adsp_in 0 1>, <&adsp_in 1 1>, <&adsp_in 2 1>, <&adsp_in 3 1>;
			interrupt-names = "wdog", "fatal", "ready", "handover", "stop-ack";
			qcom,smem-states = <&adsp_out 0>; qcom,smem-state-names = "stop";
			glink-edge {
				mboxes = <&ipcc 3 0>;
				fastrpc {
					compatible = "qcom,fastrpc";
					label = "adsp";
					#address-cells = <1>;
					#size-cells = <0>;
					compute-cb@3 { compatible = "qcom,fastrpc-compute-cb"; reg = <3>; iommus = <&smmu 0x1003 0x80>; };
					compute-cb@4 { compatible = "qcom,fastrpc-compute-cb"; reg = <4>; iommus = <&smmu 0x1004 0x80>; };
				};
			};
		};
		cdsp: remoteproc@32300000 {
			compatible = "qcom,sa8775p-cdsp0-pas";
			reg = <0 0x32300000 0 0x10000>;
			firmware-name = "qcom/cdsp.mbn";
			iommus = <&smmu 0xc00 0x0>;
			memory-region = <&cdsp_mem>;
			clocks = <&xo>; clock-names = "xo";
			power-domains = <&pd 3>, <&pd 4>, <&pd 5>; power-domain-names = "cx", "mxc", "nsp";
			interrupts-extended = <&gic 0 578 1>, <&cdsp_in 0 1>, <&cdsp_in 1 1>, <&cdsp_in 2 1>, <&cdsp_in 3 1>;
			interrupt-names = "wdog", "fatal", "ready", "handover", "stop-ack";
			qcom,smem-states = <&cdsp_out 0>; qcom,smem-state-names = "stop";
			glink-edge { mboxes = <&ipcc 6 0>; };
		};
		video: video-codec@aa00000 {
			compatible = "qcom,sm8550-iris";
			reg = <0 0xaa00000 0 0xf0000>;
			memory-region = <&video_mem>;
			iommus = <&smmu 0x1940 0x0>;
			iommu-map = <0 &smmu 0x1942 0x0 1>;
		};
		c66_0: dsp@4d80800000 {
			compatible = "ti,j721e-c66-dsp";
			reg = <0x4d 0x80800000 0 0x48000>;
			firmware-name = "c66-0.elf";
			resets = <&rst 1>;
			memory-region = <&c66_pool>, <&c66_mem>;
		};
		c66_1: dsp@4d81800000 {
			compatible = "ti,j721e-c66-dsp";
			reg = <0x4d 0x81800000 0 0x48000>;
			firmware-name = "c66-1.elf";
			resets = <&rst 2>;
			memory-region = <&c66_pool>, <&spare>;
		};
	};
};
'''
# the same for a hypervisor: it has the streams
GUEST = [('\t\t\tiommus = <&smmu 0x1000 0x80>;\n', ''), ('\t\t\tiommus = <&smmu 0xc00 0x0>;\n', ''),
         ('\t\t\tiommu-map = <0 &smmu 0x1942 0x0 1>;\n', '')]

TEE = '''
/dts-v1/;
/ {
	#address-cells = <2>;
	#size-cells = <2>;
	interrupt-parent = <&gic>;
	memory@40000000 { device_type = "memory"; reg = <0 0x40000000 0 0x80000000>; };
	reserved-memory {
		#address-cells = <2>;
		#size-cells = <2>;
		ranges;
		vring0: vdev0vring0@b8a08000 { reg = <0 0xb8a08000 0 0x8000>; no-map; };
		vring1: vdev0vring1@b8a10000 { reg = <0 0xb8a10000 0 0x8000>; no-map; };
		buffer: vdev0buffer@b8a40000 { reg = <0 0xb8a40000 0 0x40000>; no-map; };
		far: far@b9000000 { reg = <0 0xb9000000 0 0x10000>; no-map; };
	};
	gic: interrupt-controller@8000000 {
		compatible = "arm,gic-v3"; reg = <0 0x8000000 0 0x10000>; interrupt-controller; #interrupt-cells = <3>;
	};
	mailbox: mailbox@b8910000 { compatible = "pilot,virt-doorbell"; reg = <0 0xb8910000 0 0x1000>; #mbox-cells = <1>; };
	firmware {
		optee: optee {
			compatible = "linaro,optee-tz";
			method = "smc";
			#address-cells = <1>;
			#size-cells = <1>;
			service: rproc-service@0 {
				compatible = "80a4c275-0a47-4905-8285-1486a9771a08";
				reg = <0 0>;
				#address-cells = <1>;
				#size-cells = <1>;
				dma-ranges = <0x20000000 0xb8a00000 0x100000>;
				m33@0 {
					reg = <0 0>;
					mboxes = <&mailbox 0>, <&mailbox 1>, <&mailbox 2>, <&mailbox 3>;
					mbox-names = "vq0", "vq1", "shutdown", "detach";
					memory-region = <&vring0>, <&vring1>, <&buffer>;
					memory-region-names = "vdev0vring0", "vdev0vring1", "vdev0buffer";
					interrupts = <0 200 1>;
					firmware-name = "m33.bin";
				};
				m0@1 {
					reg = <1 0>;
					secure-status = "disabled";
					mboxes = <&mailbox 6>, <&mailbox 7>;
					mbox-names = "shutdown", "detach";
					firmware-name = "m0.bin";
				};
			};
		};
	};
	core {
		rproc-tee = <&service 2>;
		mboxes = <&mailbox 4>;
		mbox-names = "shutdown";
		firmware-name = "core.bin";
	};
};
'''


class Case:
    """Trees for one rule: @breaking are the changes that break it; @beside, changes like them that do not."""

    def __init__(self, *breaking, arrangement='owner', node=None, beside=()):
        self.breaking, self.arrangement, self.node, self.beside = breaking, arrangement, node, list(beside)

    def tree(self, changes):
        text = TEE if self.arrangement == 'tee' else BOARD
        for old, new in (GUEST if self.arrangement == 'guest' else []) + list(changes):
            equal(text.count(old) >= 1, True, f'{old!r} is in the tree')
            text = text.replace(old, new, 1)
        return text


ADSP, CDSP, VIDEO = '/soc/remoteproc@6800000', '/soc/remoteproc@32300000', '/soc/video-codec@aa00000'
SERVICE = '/firmware/optee/rproc-service@0'
M33, M0 = f'{SERVICE}/m33@0', f'{SERVICE}/m0@1'
HEAP = ('label = "adsp";', 'label = "adsp"; memory-region = <&heap>;')

CASES = {
    'tree-broken': Case(('clocks = <&xo>;', 'clocks = <0x1234>;'), node=ADSP),
    'reserved-memory-cells': Case(('\t\tranges;\n\t\tsmem', '\t\tsmem'), node='/reserved-memory'),
    'region-missing': Case(('<&adsp_mem>, <&adsp_dtb>', '<&adsp_mem>'), node=ADSP),
    'region-dangling': Case(('memory-region = <&cdsp_mem>', 'memory-region = <0x4321>'), node=CDSP),
    'region-not-reserved': Case(('memory-region = <&cdsp_mem>', 'memory-region = <&elsewhere>'), node=CDSP),
    'region-disabled': Case(('0x93000000 0 0x2000000>; no-map;', '0x93000000 0 0x2000000>; no-map; status = "disabled";'),
                            node=CDSP, beside=[('0x93000000 0 0x2000000>; no-map;',
                                                '0x93000000 0 0x2000000>; no-map; status = "okay";')]),
    'region-empty': Case(('0x93000000 0 0x2000000', '0x93000000 0 0'), node='/reserved-memory/cdsp@93000000'),
    'region-pieces': Case(('<0 0x93000000 0 0x2000000>', '<0 0x93000000 0 0x1000000>, <0 0x94000000 0 0x1000000>'),
                          node='/reserved-memory/cdsp@93000000'),
    'carveout-overlap': Case(('0x92000000 0 0x80000', '0x92000000 0 0x1001000'), node='/reserved-memory/cdsp@93000000',
                             beside=[('0x92000000 0 0x80000', '0x92000000 0 0x1000000')]),
    'region-overlap': Case(('0x90000000 0 0x2000000', '0x90000000 0 0x2001000'),
                           node='/reserved-memory/adsp-dtb@92000000'),
    'carveout-outside-memory': Case(('0x93000000 0 0x2000000', '0x73000000 0 0x2000000'),
                                    node='/reserved-memory/cdsp@93000000',
                                    # boot firmware fills it in
                                    beside=[('0x93000000 0 0x2000000', '0x73000000 0 0x2000000'),
                                            ('<0 0x80000000 0 0x80000000>', '<0 0x80000000 0 0>')]),
    'carveout-mapped': Case(('0x93000000 0 0x2000000>; no-map;', '0x93000000 0 0x2000000>;'),
                            node='/reserved-memory/cdsp@93000000'),
    'carveout-reusable': Case(('0x93000000 0 0x2000000>; no-map;', '0x93000000 0 0x2000000>; reusable;'),
                              node='/reserved-memory/cdsp@93000000'),
    'carveout-unaligned': Case(('0x93000000 0 0x2000000', '0x93000000 0 0x1fff800'), node='/reserved-memory/cdsp@93000000'),
    'carveout-above-4g': Case(('<0 0x93000000 0 0x2000000>', '<0 0xff000000 0 0x2000000>'),
                              node='/reserved-memory/cdsp@93000000',
                              beside=[('<0 0x93000000 0 0x2000000>', '<0 0xfe000000 0 0x2000000>')]),
    'stream-shared': Case(('iommus = <&smmu 0x1826 0x0>', 'iommus = <&smmu 0xc00 0x0>'), node=CDSP),
    'stream-doubled': Case(('iommus = <&smmu 0x1004 0x80>', 'iommus = <&smmu 0x1003 0x80>'),
                           node=f'{ADSP}/glink-edge/fastrpc/compute-cb@4'),
    'stream-overlap': Case(('iommus = <&smmu 0x1004 0x80>', 'iommus = <&smmu 0x1000 0xf>'),
                           node=f'{ADSP}/glink-edge/fastrpc/compute-cb@4',
                           beside=[('iommus = <&smmu 0x1004 0x80>', 'iommus = <&smmu 0x1004 0x400>')]),
    'stream-too-wide': Case(('iommus = <&smmu 0x1826 0x0>', 'iommus = <&smmu 0x11826 0x0>'),
                            node='/soc/dma-controller@3a84000'),
    'iommu-disabled': Case(('reg = <0 0x15000000 0 0x100000>;', 'reg = <0 0x15000000 0 0x100000>; status = "disabled";'),
                           node=ADSP),
    'iommu-map-length': Case(('<0 &smmu 0x1942 0x0 1>', '<0 &smmu 0x1942 0x0 2>'), node=VIDEO),
    'iommu-map-doubled': Case(('<0x100 &smmu 0x101', '<0x0 &smmu 0x101'), node='/soc/pcie@1c00000'),
    'compute-cb-no-stream': Case((' iommus = <&smmu 0x1004 0x80>;', ''), node=f'{ADSP}/glink-edge/fastrpc/compute-cb@4',
                                 # the sensor DSP has no IOMMU
                                 beside=[(' iommus = <&smmu 0x1004 0x80>;', ''), ('label = "adsp"', 'label = "sdsp"')]),
    'smmu-missing': Case(('#iommu-cells = <2>;\n', '#iommu-cells = <2>; status = "disabled";\n'), node='/soc/iommu@15000000',
                         # no processor needs it
                         beside=[('#iommu-cells = <2>;\n', '#iommu-cells = <2>; status = "disabled";\n'),
                                 ('firmware-name = "qcom/cdsp.mbn";', 'firmware-name = "qcom/cdsp.mbn"; status = "disabled";'),
                                 ('firmware-name = "qcom/adsp.mbn", "qcom/adsp_dtb.mbn";', 'status = "disabled";')]),
    'pas-no-stream': Case(GUEST[1], node=CDSP),
    'video-no-firmware-stream': Case(('iommu-map = <0 &smmu 0x1942', 'iommu-map = <1 &smmu 0x1942'), node=VIDEO,
                                     beside=[('iommu-map = <0 &smmu 0x1942 0x0 1>;',
                                              'video-firmware { iommus = <&smmu 0x1942 0x0>; };')]),
    'client-no-stream': Case((' iommus = <&smmu 0x480 0x0>;', ''), node='/soc/ipa@3f40000'),
    'fastrpc-heap-unmapped': Case(HEAP, node=f'{ADSP}/glink-edge/fastrpc'),
    'fastrpc-heap-pool': Case(HEAP, ('compatible = "shared-dma-pool"; reg = <0 0x97000000', 'reg = <0 0x97000000'),
                              node='/reserved-memory/heap@97000000', beside=[HEAP]),
    'dma-master-unowned': Case(('iommus = <&smmu 0x1826 0x0>;', 'iommus = <&smmu 0x1826 0x0>; status = "reserved";'),
                               node='/soc/dma-controller@3a84000',
                               # its processor owns the stream
                               beside=[('iommus = <&smmu 0x1826 0x0>;', 'iommus = <&smmu 0x1826 0x0>; status = "reserved";'),
                                       ('iommus = <&smmu 0xc00 0x0>', 'iommus = <&smmu 0xc00 0x0>, <&smmu 0x1826 0x0>')]),
    'zap-at-el2': Case(('zap-shader { status = "disabled";', 'zap-shader {'), node='/soc/gpu@3d00000/zap-shader'),
    'guest-owns-stream': Case(('firmware-name = "qcom/cdsp.mbn";',
                               'firmware-name = "qcom/cdsp.mbn"; iommus = <&smmu 0xc00 0x0>;'), arrangement='guest', node=CDSP),
    'guest-owns-firmware-stream': Case(('iommus = <&smmu 0x1940 0x0>;',
                                        'iommus = <&smmu 0x1940 0x0>; iommu-map = <0 &smmu 0x1942 0x0 1>;'),
                                       arrangement='guest', node=VIDEO,
                                       beside=[('iommus = <&smmu 0x1940 0x0>;',
                                                'iommus = <&smmu 0x1940 0x0>; iommu-map = <1 &smmu 0x1942 0x0 1>;')]),
    'scm-missing': Case(('"qcom,scm-x1e80100", "qcom,scm";', '"qcom,scm-x1e80100", "qcom,scm"; status = "disabled";'), node=ADSP),
    'smem-missing': Case(('compatible = "qcom,smem";', ''), node=ADSP),
    'pas-interrupts': Case(('"handover", "stop-ack"', '"hand-over", "stop-ack"'), node=ADSP),
    'pas-clock': Case(('clock-names = "xo"', 'clock-names = "x0"'), node=ADSP),
    'pas-stop-state': Case(('qcom,smem-state-names = "stop"', 'qcom,smem-state-names = "halt"'), node=ADSP),
    'pas-power-domains': Case(('"cx", "mxc", "nsp"', '"cx", "mxc", "mx"'), node=CDSP,
                              # a single one needs no name
                              beside=[('sa8775p-cdsp0-pas', 'sc8280xp-nsp0-pas'),
                                      ('power-domains = <&pd 3>, <&pd 4>, <&pd 5>; power-domain-names = "cx", "mxc", "nsp";',
                                       'power-domains = <&pd 3>;')]),
    'firmware-name-missing': Case(('\t\t\tfirmware-name = "c66-1.elf";\n', ''), node='/soc/dsp@4d81800000'),
    'firmware-name-default': Case(('\t\t\tfirmware-name = "qcom/cdsp.mbn";\n', ''), node=CDSP),
    'carveout-shared': Case(('<&c66_pool>, <&spare>', '<&c66_pool>, <&c66_mem>'), node='/soc/dsp@4d81800000'),
    'interrupt-shared': Case(('<&gic 0 578 1>', '<&gic 0 6 1>'), node=CDSP),
    'mailbox-shared': Case(('mboxes = <&ipcc 6 0>', 'mboxes = <&ipcc 3 0>'), node=CDSP,
                           beside=[('mboxes = <&ipcc 6 0>', 'mboxes = <&ipcc 3 1>')]),
    'reset-shared': Case(('resets = <&rst 2>', 'resets = <&rst 1>'), node='/soc/dsp@4d81800000'),
    'pas-id-shared': Case(('"qcom,sa8775p-cdsp0-pas"', '"qcom,sa8775p-adsp-pas"'), node=CDSP),
    'stop-state-shared': Case(('qcom,smem-states = <&cdsp_out 0>', 'qcom,smem-states = <&adsp_out 0>'), node=CDSP,
                              beside=[('qcom,smem-states = <&cdsp_out 0>', 'qcom,smem-states = <&adsp_out 1>')]),
    'tee-no-optee': Case(('method = "smc";', 'method = "smc"; status = "disabled";'), arrangement='tee', node='/firmware/optee'),
    'tee-no-service': Case(('compatible = "80a4c275-0a47-4905-8285-1486a9771a08"', 'compatible = "none"'), arrangement='tee',
                           node='/'),
    'tee-no-processor': Case((TEE[TEE.index('\t\t\t\tm33@0'):TEE.index('\t\t\t};\n\t\t};')], ''),
                             ('rproc-tee = <&service 2>;', ''), arrangement='tee', node=SERVICE),
    'tee-wrong-service': Case(('rproc-tee = <&service 2>', 'rproc-tee = <&optee 2>'), arrangement='tee', node='/core'),
    'tee-id-missing': Case(('rproc-tee = <&service 2>', 'rproc-tee = <&service>'), arrangement='tee', node='/core'),
    'tee-id-shared': Case(('rproc-tee = <&service 2>', 'rproc-tee = <&service 1>'), arrangement='tee', node='/core'),
    'tee-secure-status': Case(('secure-status = "disabled"', 'secure-status = "off"'), arrangement='tee', node=M0,
                              beside=[('secure-status = "disabled"', 'secure-status = "okay"')]),
    'tee-region-names': Case(('<&vring0>, <&vring1>, <&buffer>', '<&vring0>, <&vring1>, <&buffer>, <&far>'), arrangement='tee',
                             node=M33),
    'tee-region-name': Case(('"vdev0vring0", "vdev0vring1", "vdev0buffer"', '"vdev0vring0", "vdev0vring1", "vdev0buf"'),
                            arrangement='tee', node=M33,
                            beside=[('"vdev0vring0", "vdev0vring1", "vdev0buffer"', '"vdev1vring0", "vdev1vring1", "vdev1buffer"')]),
    'tee-virtio-regions': Case(('<&vring0>, <&vring1>, <&buffer>', '<&vring0>, <&buffer>'),
                               ('"vdev0vring0", "vdev0vring1", ', '"vdev0vring0", '), arrangement='tee', node=M33),
    'tee-virtio-mailbox': Case(('mboxes = <&mailbox 0>, <&mailbox 1>, ', 'mboxes = <&mailbox 0>, '),
                               ('"vq0", "vq1", ', '"vq0", '), arrangement='tee', node=M33),
    'tee-mailbox-name': Case(('"shutdown", "detach"', '"shutdown", "deatch"'), arrangement='tee', node=M33),
    'tee-dma-ranges': Case(('<&vring0>, <&vring1>, <&buffer>', '<&vring0>, <&vring1>, <&far>'), arrangement='tee', node=M33,
                           beside=[('<&vring0>, <&vring1>, <&buffer>', '<&vring0>, <&vring1>, <&far>'),
                                   ('dma-ranges = <0x20000000 0xb8a00000 0x100000>', 'dma-ranges = <0x20000000 0xb8000000 0x2000000>')]),
    'tee-dma-ranges-32': Case(('0x20000000 0xb8a00000 0x100000', '0xfffc0000 0xb8a00000 0x100000'), arrangement='tee', node=M33),
}


def _compile(name, text):
    done = subprocess.run(['dtc', '-q', '-@', '-o', name, '-'], input=text.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, check=False)
    equal((done.returncode, done.stderr), (0, b''), name)
    return name


def _check(text, *args, name='board.dtb'):
    result = pilot('board', 'check', '--json', *args, _compile(name, text))
    found = result.json()
    wanted = 1 if found['errors'] or found['warnings'] else 0
    equal(result.status, wanted, f'status; {result.err}')
    return found


def _nodes(found, rule):
    return [one['node'] for one in found['findings'] if one['rule'] == rule]


def _rules():
    return pilot('board', 'check', '--rules', '--json').json()['rules']


def the_trees_that_others_are_made_of_are_in_order():
    for arrangement in ('owner', 'guest', 'tee'):
        found = _check(Case(arrangement=arrangement).tree([]), '--arrangement', arrangement)
        equal(found['findings'], [], arrangement)
        equal(found['arrangement'], arrangement)


def every_rule_has_a_tree_that_breaks_it():
    known = {rule['id'] for rule in _rules() if not rule['firmware']}
    equal(sorted(known ^ CASES.keys()), [], 'rules without trees, and trees without rules')
    for rule, case in CASES.items():
        found = _check(case.tree(case.breaking), '--arrangement', case.arrangement)
        equal(case.node in _nodes(found, rule), True, f'{rule}: {case.node} in {found["findings"]}')


def a_tree_beside_it_does_not_break_it():
    for rule, case in CASES.items():
        found = _check(case.tree(case.beside), '--arrangement', case.arrangement)
        equal(_nodes(found, rule), [], rule)


def a_rule_does_not_speak_in_other_arrangements():
    applies = {rule['id']: rule['arrangements'] for rule in _rules()}
    for rule, case in CASES.items():
        for other in {'owner', 'guest', 'tee'} - set(applies[rule]):
            equal(_nodes(_check(case.tree(case.breaking), '--arrangement', other), rule), [], f'{rule} in {other}')


def the_tree_says_its_arrangement():
    for arrangement in ('owner', 'guest', 'tee'):
        changes = [] if arrangement != 'guest' else [('zap-shader { status = "disabled";', 'zap-shader {')]
        found = _check(Case(arrangement=arrangement).tree(changes))
        equal(found['arrangement'], arrangement, found['because'])
    found = _check(Case(arrangement='guest').tree([]))
    equal(found['arrangement'], 'owner', 'a disabled zap-shader tells')
    contains(found['because'], 'zap-shader')


def what_is_disabled_has_nothing_wrong():
    off = ('firmware-name = "qcom/cdsp.mbn";', 'firmware-name = "qcom/cdsp.mbn"; status = "disabled";')
    for rule in ('region-dangling', 'pas-no-stream', 'pas-power-domains', 'interrupt-shared', 'pas-id-shared'):
        found = _check(CASES[rule].tree([off, *CASES[rule].breaking]), '--arrangement', 'owner')
        equal(_nodes(found, rule), [], rule)


def an_overlay_is_laid_over_it_first():
    base = _compile('base.dtb', Case(arrangement='guest').tree([]))
    equal(_nodes(pilot('board', 'check', '--json', '--arrangement', 'owner', base).json(), 'pas-no-stream'), [ADSP, CDSP])
    write('el2.dtso', b'''/dts-v1/;
/plugin/;
&adsp { iommus = <&smmu 0x1000 0x80>; };
&video { iommu-map = <0 &smmu 0x1942 0x0 1>; };
''')
    found = pilot('board', 'check', '--json', base, '--overlay', 'el2.dtso').json()
    equal(found['arrangement'], 'owner')
    equal(_nodes(found, 'pas-no-stream'), [CDSP], 'what the overlay forgot')


def _virt(source, *defines):
    """A device tree of the board virt as it is put together for a run."""
    virt = os.path.join(TOP, 'boards/virt')
    done = subprocess.run(['cpp', '-nostdinc', '-undef', '-P', '-x', 'assembler-with-cpp', '-I', f'{virt}/include', '-I',
                           os.path.join(TOP, 'include'), '-I', virt, '-DHOST_CPUS=3', *defines, f'{virt}/{source}'],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
    equal((done.returncode, done.stderr), (0, b''), source)
    return done.stdout.decode()


def the_board_virt_is_in_order():
    found = _check(_virt('virt.dts'))
    equal((found['arrangement'], found['findings']), ('guest', []))
    overlay = _compile('el2.dtbo', _virt('virt-el2.dtso'))
    found = _check(_virt('virt.dts'), '--overlay', overlay)
    equal((found['arrangement'], found['findings']), ('owner', []))
    found = _check(_virt('virt.dts'), '--arrangement', 'owner')
    equal([one['rule'] for one in found['findings']], ['smmu-missing'], 'its SMMU is the overlay\'s to enable')
    for defines in ((), ('-DRPROC_TEE_ELSEWHERE',), ('-DRPROC_TEE_UPSTREAM',), ('-DM33_KERNEL',), ('-DRPROC_TEE_UNPOWERED',)):
        found = _check(_virt('virt-tee.dts', *defines))
        equal((found['arrangement'], found['findings']), ('tee', []), defines)


def people_get_the_node_the_reason_and_the_remedy():
    _compile('board.dtb', CASES['stream-shared'].tree(CASES['stream-shared'].breaking))
    result = pilot('board', 'check', 'board.dtb', env={'COLUMNS': '80'})
    equal(result.status, 1)
    for part in ('a board', 'arrangement owner', 'stream-shared', CDSP, '0xc00', 'why:', 'fix:', '1 error, 0 warnings, 0 notes'):
        contains(result.out, part)
    equal([line for line in result.out.splitlines() if len(line) > 80], [], 'lines over 80 columns')
    equal('\033' in result.out, False, 'colours in a pipe')


def notes_are_no_findings_for_the_exit_status():
    found = _check(CASES['firmware-name-default'].tree(CASES['firmware-name-default'].breaking), '--arrangement', 'owner')
    equal((found['errors'], found['warnings'], found['notes']), (0, 0, 1))


def what_makes_no_sense_is_refused():
    _compile('board.dtb', BOARD)
    for args, part in ((['--arrangement', 'host', 'board.dtb'], 'owner, guest or tee'), ([], 'DTB is missing'),
                       (['board.dtb', 'board.dtb'], 'more than one DTB'), (['--rules', 'board.dtb'], 'takes no DTB'),
                       (['--fuses', 'x', 'board.dtb'], '--firmware'), (['--firmware', 'gone', 'board.dtb'], 'gone'),
                       (['--firmware', '.', '--root', 'gone.crt', 'board.dtb'], 'gone.crt')):
        result = pilot('board', 'check', *args)
        equal((result.status, result.out), (2, ''), args)
        contains(result.err, part)
    write('short.dtb', read('board.dtb')[:1000])
    equal(pilot('board', 'check', 'short.dtb').status, 2)


def _words(text):
    return ' '.join(text.replace('\\&', '').split())


def the_manual_has_every_rule():
    with open(MAN, encoding='ascii') as file:
        page = file.read()
    rules = _rules()
    equal(re.findall(r'^\.It Sy ([a-z0-9-]+)', page, re.M), [rule['id'] for rule in rules], 'in the order of --rules')
    for rule in rules:
        at = page.index(f'.It Sy {rule["id"]} Pq {rule["severity"]}\n')
        paragraph = _words(re.split(r'\n\.(?:It|El)', page[at:])[0])
        for part in ('title', 'why', 'fix'):
            contains(paragraph.lower(), _words(rule[part]).lower())
        if len(rule['arrangements']) < 3:
            contains(paragraph, f'in arrangement {" and ".join(rule["arrangements"])}.')


# --- with --firmware ---

def _elf(address, memory=0x1000):
    return elf([(1, 5, 0xc0000000, address, bytes(0x1000), memory)])


def _firmware():
    """A directory with everything that BOARD names, in order."""
    os.makedirs('fw/qcom')
    write('c66.elf', _elf(0x98000000))
    for name in ('c66-0.elf', 'c66-1.elf'):
        write(f'fw/{name}', read('c66.elf'))
    for name, address in (('adsp', 0x90000000), ('adsp_dtb', 0x92000000), ('cdsp', 0x93000000)):
        write(f'{name}.elf', _elf(address))
        sign(f'{name}.elf', f'fw/qcom/{name}.mbn')


def _with_firmware(*args, changes=()):
    return _check(Case().tree(changes), '--firmware', 'fw', *args)


def _only(found, rule, node):
    equal([(one['rule'], one['node']) for one in found['findings']], [(rule, node)])
    return found['findings'][0]


def _firmware_rules_seen():
    return {rule['id'] for rule in _rules() if rule['firmware']}


def firmware_that_is_in_order_is_not_spoken_of():
    _firmware()
    equal(_with_firmware()['findings'], [])
    equal(_with_firmware('--root', 'keys/root.crt')['findings'], [])


def firmware_absent():
    _firmware()
    os.remove('fw/qcom/cdsp.mbn')
    _only(_with_firmware(), 'firmware-absent', CDSP)


def firmware_absent_where_a_name_leads_out():
    _firmware()
    write('secret.mbn', b'x')
    found = _with_firmware(changes=[('"qcom/cdsp.mbn"', '"../secret.mbn"')])
    contains(_only(found, 'firmware-absent', CDSP)['text'], 'no name that Linux takes')


def firmware_compressed():
    _firmware()
    os.rename('fw/qcom/cdsp.mbn', 'fw/qcom/cdsp.mbn.zst')
    found = _with_firmware()
    contains(_only(found, 'firmware-compressed', CDSP)['text'], 'cdsp.mbn.zst')
    equal(found['errors'], 0, 'a note')


def firmware_other_form():
    _firmware()
    os.rename('fw/qcom/cdsp.mbn', 'fw/qcom/cdsp.mdt')
    contains(_only(_with_firmware(), 'firmware-other-form', CDSP)['text'], 'qcom/cdsp.mdt')


def firmware_bad():
    _firmware()
    write('fw/qcom/cdsp.mbn', b'not an image')
    _only(_with_firmware(), 'firmware-bad', CDSP)


def firmware_pieces():
    _firmware()
    equal(pilot('image', 'split', 'fw/qcom/cdsp.mbn', '-o', 'fw/qcom').status, 0)
    change = [('"qcom/cdsp.mbn"', '"qcom/cdsp.mdt"')]
    equal(_with_firmware(changes=change)['findings'], [], 'all pieces are there')
    pieces = sorted(name for name in os.listdir('fw/qcom') if re.fullmatch(r'cdsp\.b\d\d', name))
    os.remove(f'fw/qcom/{pieces[-1]}')
    _only(_with_firmware(changes=change), 'firmware-pieces', CDSP)


def firmware_too_large():
    _firmware()
    write('big.elf', _elf(0x93000000, 0x2000010))
    sign('big.elf', 'fw/qcom/cdsp.mbn')
    _only(_with_firmware(), 'firmware-too-large', CDSP)


def firmware_refused():
    _firmware()
    image = bytearray(read('fw/qcom/cdsp.mbn'))
    image[-1] ^= 1
    write('fw/qcom/cdsp.mbn', image)
    _only(_with_firmware(), 'firmware-refused', CDSP)
    write('fw/qcom/cdsp.mbn', read('cdsp.elf'))
    contains(_only(_with_firmware(), 'firmware-refused', CDSP)['text'], 'not signed')


def firmware_refused_when_another_root_signed_it():
    _firmware()
    equal(pilot('keys', 'new', 'others').status, 0)
    sign('cdsp.elf', 'fw/qcom/cdsp.mbn', keys='others')
    equal(_with_firmware()['findings'], [], 'without a root nobody asks who signed')
    _only(_with_firmware('--root', 'keys/root.crt'), 'firmware-refused', CDSP)


def _manifest(sid):
    entry = {'sid': sid, 'access': ['read', 'write'], 'base': '0x97000000', 'size': '0x400000'}
    write('manifest.json', json.dumps({'entries': [entry]}).encode())
    sign('adsp.elf', 'fw/qcom/adsp.mbn', '--manifest', 'manifest.json')


def firmware_stream():
    _firmware()
    _manifest('0x1000')
    equal(_with_firmware()['findings'], [], 'a stream that the node owns')
    _manifest('0x1010')
    contains(_only(_with_firmware(), 'firmware-stream', ADSP)['text'], '0x1010')
    guest = _check(Case(arrangement='guest').tree([]), '--arrangement', 'guest', '--firmware', 'fw')
    equal(_nodes(guest, 'firmware-stream'), [], 'under a hypervisor it is not the node\'s')


def a_heap_that_the_manifest_names_is_mapped():
    _firmware()
    equal(_nodes(_with_firmware(changes=[HEAP]), 'fastrpc-heap-unmapped'), [f'{ADSP}/glink-edge/fastrpc'])
    _manifest('0x1000')
    equal(_nodes(_with_firmware(changes=[HEAP]), 'fastrpc-heap-unmapped'), [])


def every_rule_of_firmware_has_a_test():
    tests = {name.replace('_', '-') for name in globals() if name.startswith('firmware_')}
    equal(_firmware_rules_seen() - tests, set(), 'rules without a test of their name')


main([test for test in collect(globals()) if test is not Case])
