# SPDX-License-Identifier: BSD-2-Clause
"""pilot board draw: what is in the picture, and that nothing in a tree can make it anything but a picture."""
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree

from harness import collect, contains, equal, main, pilot, read, write

SVG = '{http://www.w3.org/2000/svg}'

BOARD = '''/dts-v1/;
/ {
	#address-cells = <2>; #size-cells = <2>; model = "A board"; compatible = "maker,board";
	memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0x40000000>; };
	memory@880000000 { device_type = "memory"; reg = <8 0x80000000 0 0x40000000>; };
	reserved-memory {
		#address-cells = <2>; #size-cells = <2>; ranges;
		dsp_mem: dsp-mem@90000000 { reg = <0 0x90000000 0 0x1800000>; no-map; };
		dsp_dtb: dsp-dtb@91800000 { reg = <0 0x91800000 0 0x1000>; no-map; };
		first@92000000 { reg = <0 0x92000000 0 0x200000>; no-map; };
		second@92100000 { reg = <0 0x92100000 0 0x200000>; no-map; };
		heap: dsp-heap@94000000 { compatible = "shared-dma-pool"; reg = <0 0x94000000 0 0x800000>; reusable; };
		unused@95000000 { reg = <0 0x95000000 0 0x1000>; no-map; status = "disabled"; };
		anywhere { compatible = "shared-dma-pool"; size = <0 0x2000000>; reusable; };
	};
	soc {
		#address-cells = <2>; #size-cells = <2>; ranges;
		smmu: iommu@15000000 { compatible = "qcom,sa8775p-smmu-500", "qcom,smmu-500", "arm,mmu-500";
			reg = <0 0x15000000 0 0x100000>; #iommu-cells = <2>; };
		pcie_smmu: iommu@15200000 { compatible = "arm,smmu-v3"; reg = <0 0x15200000 0 0x20000>; #iommu-cells = <1>; };
		iommu@15300000 { compatible = "arm,smmu-v3"; reg = <0 0x15300000 0 0x20000>; #iommu-cells = <1>; };
		remoteproc@30000000 { compatible = "qcom,sa8775p-adsp-pas"; reg = <0 0x30000000 0 0x100>; iommus = <&smmu 0x3000 0x0>;
			memory-region = <&dsp_mem>, <&dsp_dtb>;
			glink-edge { fastrpc { memory-region = <&heap>;
				compute-cb@3 { reg = <0 3 0 0>; iommus = <&smmu 0x3003 0x0>; }; }; }; };
		usb@a600000 { compatible = "maker,usb"; reg = <0 0xa600000 0 0x100>; iommus = <&smmu 0x80 0x402>; };
		ethernet@23000000 { compatible = "maker,ethernet"; reg = <0 0x23000000 0 0x100>; iommus = <&smmu 0x140 0xf>;
			status = "disabled"; };
		pcie@1c00000 { reg = <0 0x1c00000 0 0x3000>; device_type = "pci"; iommu-map = <0 &pcie_smmu 0x100 0x100>; };
	};
};
'''
OVERLAY = '''/dts-v1/; /plugin/;
&{/soc} { camera-engine@ac00000 { reg = <0 0xac00000 0 0x100>; }; };
&{/reserved-memory} { added-mem@96000000 { reg = <0 0x96000000 0 0x10000>; no-map; }; };
'''
NAMES = ('dsp-mem', 'dsp-dtb', 'first', 'second', 'dsp-heap', 'unused', 'anywhere', 'adsp', 'usb@a600000', 'ethernet@23000000',
         'pcie@1c00000', 'iommu@15000000', 'iommu@15200000', 'iommu@15300000')


def _compile(source, path='board.dtb', *options):
    done = subprocess.run(['dtc', '-q', '-I', 'dts', '-O', 'dtb', *options, '-o', path, '-'], input=source.encode(),
                          capture_output=True, check=False)
    equal(done.returncode, 0, f'dtc: {done.stderr.decode()}')
    return path


def _draw(path, *more):
    """(root of the picture, its bytes)."""
    result = pilot('board', 'draw', path, '-o', 'map.svg', *more)
    equal((result.status, result.out, result.err), (0, '', ''))
    data = read('map.svg')
    return ElementTree.fromstring(data), data


def _words(root):
    """Everything that one can read in the picture, tooltips apart."""
    return [''.join(part for part in [element.text or '', *(child.tail or '' for child in element)])
            for element in root.iter(f'{SVG}text')]


def _titles(root):
    return [element.text for element in root.iter(f'{SVG}title')]


def every_region_and_owner_is_in_the_picture():
    root, _ = _draw(_compile(BOARD))
    words = _words(root)
    for name in NAMES:
        if name not in words:
            raise AssertionError(f'{name} is not in {words}')
    for part in ('A board', '0x90000000', '24 MiB', '0x3000', '0x3003', '0x80/0x402', '0x100\u20260x1ff', '1 GiB'):
        contains(' '.join(words), part)
    contains(' '.join(words), 'of other addresses')


def the_document_names_the_owners():
    path = _compile(BOARD)
    document = pilot('board', 'draw', '--json', '-o', 'map.svg', path).json()
    equal((document['regions'], document['streams'], document['iommus']), (7, 5, 3))
    owners = {owner['name']: owner for owner in document['owners']}
    equal((owners['adsp']['regions'], owners['adsp']['streams'], owners['adsp']['peripheral']), (3, 2, True))
    equal((owners['ethernet@23000000']['enabled'], owners['usb@a600000']['streams']), (False, 1))
    words = _words(ElementTree.parse('map.svg').getroot())
    for name in owners:
        contains(words, name)


def what_overlaps_is_marked():
    root, data = _draw(_compile(BOARD))
    equal(data.count(b'class="pm-clash"'), 3, 'two regions and the legend')
    marked = [title for title in _titles(root) if title and 'overlaps with another' in title]
    equal(sorted(title.splitlines()[0] for title in marked), ['/reserved-memory/first@92000000', '/reserved-memory/second@92100000'])


def tooltips_say_more():
    text = '\n'.join(title or '' for title in _titles(_draw(_compile(BOARD))[0]))
    for part in ('/reserved-memory/dsp-mem@90000000\n0x90000000 to 0x917fffff, 24 MiB\nno-map: Linux does not map it\n'
                 'used by /soc/remoteproc@30000000', '/soc/usb@a600000: iommus, entry 0\nStreamID 0x80 with mask 0x402',
                 'the node is disabled'):
        contains(text, part)


def a_picture_needs_nothing_from_elsewhere():
    _, data = _draw(_compile(BOARD))
    text = data.decode()
    for forbidden in ('<script', 'href', '@import', '@font-face', '<image', '<foreignObject', ' on'):
        equal(forbidden in re.sub(r'>[^<]*<', '><', text), False, forbidden)
    equal(set(re.findall(r'url\([^)]*\)', text)), {'url(#pm-lines)'})
    equal(set(re.findall(r'https?://[^"]*', text)), {'http://www.w3.org/2000/svg'})
    contains(text, 'prefers-color-scheme:dark')


def accessible_by_title_and_description():
    root, _ = _draw(_compile(BOARD))
    equal((root.tag, root.get('role'), root[0].tag, root[0].text, root[1].tag), (SVG + 'svg', 'img', SVG + 'title', 'A board', SVG + 'desc'))


def hostile_names_are_text():
    evil, model = '</a>&"\'<xy', '</title><script>alert(1)</script>&"'
    source = BOARD.replace('dsp-dtb@', 'evil-name1').replace('dsp_dtb: evil-name191800000', 'dsp_dtb: evil-name1')
    source = source.replace('"A board"', '"MODEL"').replace('MODEL', 'm' * len(model)).replace('usb@a600000', 'evil-name2')
    data = read(_compile(source, 'board.dtb', '-f'))
    for name in (b'evil-name1', b'evil-name2'):
        equal(data.count(name), 1, name)
        data = data.replace(name, evil.encode())
    write('evil.dtb', data.replace(b'm' * len(model), model.encode()))
    root, svg = _draw('evil.dtb')
    words = _words(root)
    contains(words, model)
    equal(words.count(evil), 2, 'names')
    equal([element.tag for element in root.iter() if element.tag.endswith(('script', 'a', 'x'))], [])
    equal(b'<script' in svg, False, 'script')


def bytes_that_xml_forbids_become_question_marks():
    data = read(_compile(BOARD.replace('A board', 'A bo#rd')))
    write('evil.dtb', data.replace(b'A bo#rd', b'A \x1b\x01\xffd!'))
    contains(_words(_draw('evil.dtb')[0]), 'A ???d!')


def an_overlay_is_in_the_picture():
    words = _words(_draw(_compile(BOARD, 'board.dtb', '-@'), '--overlay', _compile(OVERLAY, 'o.dtbo', '-@'))[0])
    contains(words, 'added-mem')


def a_long_name_is_set_smaller_before_it_is_cut():
    name = 'A Manufacturer Of Boards, Inc. Evaluation Board Number Nine'
    contains(_words(_draw(_compile(f'/dts-v1/; / {{ model = "{name}"; }};'))[0]), name)
    words = _words(_draw(_compile(f'/dts-v1/; / {{ model = "{name * 9}"; }};'))[0])
    contains(words[0], '\u2026')


def a_tree_without_anything_is_drawn():
    root, _ = _draw(_compile('/dts-v1/; / { };'))
    contains(' '.join(_words(root)), 'the tree has no IOMMU')
    contains(_words(root), 'a board without a name')


def the_last_addresses_are_drawn():
    source = BOARD.replace('<0 0x95000000 0 0x1000>', '<0xffffffff 0xfffff000 0 0x1000>')
    root, _ = _draw(_compile(source, 'board.dtb'))
    contains(' '.join(_words(root)), '0xfffffffffffff000')


def more_than_one_can_look_at_is_cut_and_said():
    many = ''.join(f'r{i}@{0xa0000000 + i * 8192:x} {{ reg = <0 {0xa0000000 + i * 8192:#x} 0 0x1000>; }};\n' for i in range(2000))
    root, _ = _draw(_compile(BOARD.replace('anywhere {', many + 'anywhere {')))
    equal(len([word for word in _words(root) if re.fullmatch(r'\d+ more are not drawn', word)]), 1)


def without_output_it_goes_to_standard_output():
    path = _compile(BOARD)
    result = pilot('board', 'draw', path)
    equal(result.status, 0)
    equal(result.out, _draw(path)[1].decode())


def what_cannot_be_done_is_said():
    path = _compile(BOARD)
    for args, part in (((), 'DTB is missing'), ((path, path), 'one DTB'), ((path, '--json'), '--json needs --output'),
                       (('absent.dtb',), 'absent.dtb'), (('a.elf',), 'a.elf'), ((path, '-o', 'no/where.svg'), 'no/where.svg'),
                       ((path, '--overlay', 'absent.dtbo'), 'absent.dtbo')):
        result = pilot('board', 'draw', *args)
        equal((result.status, result.out), (2, ''), args)
        contains(result.err, part)
    equal(os.path.exists('map.svg'), False, 'picture')


main(collect(globals().copy()))
