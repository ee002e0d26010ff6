/* SPDX-License-Identifier: BSD-2-Clause */
/* Inputs for the readers of the tool, of fuse blocks and of the machine's device tree. */
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>

#include <pilot/elf.h>
#include <pilot/wire/fuses.h>

#include <virt/platform.h>
#include <virt/smem.h>

#include "certgen.h"
#include "containergen.h"
#include "seeds.h"
#include "seeds_tree.h"
#include "signedgen.h"

#define SMEM_PART 0x4000u /* the partition, and in it the offset of its first free byte */
#define SMEM_FREE 12u

static uint8_t buf[65536];

static void put32(uint8_t *to, uint32_t value)
{
	for (unsigned int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

/* an ELF32 core file with one piece of memory of @size bytes behind its headers: a segment, or a section with a name */
static size_t write_core(uint8_t *core, bool section, size_t size)
{
	static const uint8_t ident[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 164, 0, 1 };
	const size_t header = 52;
	const size_t end = header + (section ? 3 * 40 + 8 : 32);
	uint8_t *const at = core + header;

	memset(core, 0, end);
	memcpy(core, ident, sizeof(ident));
	put32(core + (section ? 32 : 28), (uint32_t)header);
	put32(core + 40, 52u | (section ? 0 : 32u << 16));
	put32(core + 44, (section ? 0 : 1u) | (section ? 40u << 16 : 0));
	put32(core + 48, section ? 3u | 1u << 16 : 0);
	if (!section) {
		put32(at, 1);
		put32(at + 4, (uint32_t)end);
		put32(at + 12, 0xb0000000);
		put32(at + 16, (uint32_t)size);
		return end;
	}
	put32(at + 40 + 4, 3);
	put32(at + 40 + 16, (uint32_t)end - 8);
	put32(at + 40 + 20, 8);
	put32(at + 80, 1);
	put32(at + 80 + 4, 1);
	put32(at + 80 + 12, 0xb0000000);
	put32(at + 80 + 16, (uint32_t)end);
	put32(at + 80 + 20, (uint32_t)size);
	memcpy(core + end - 7, "memory", 6);
	return end;
}

/* a program's note, strings, and SMEM with a crash reason */
static int write_cores(void)
{
	static const char text[] = "an assertion failed, fatal error";
	const size_t size = 0x2000;
	uint8_t *memory = NULL;

	for (unsigned int i = 0; i < 6; i++) {
		memory = buf + write_core(buf, i & 1u, size);
		memset(memory, 0, size);
		if (i < 2) {
			put32(memory + 8, 0x4e4c4950);
			put32(memory + 12, 0x3145544f);
			put32(memory + 16, 896);
			put32(memory + 20, 1);
			put32(memory + 8 + 280, 9);
			memcpy(memory + 8 + 288, text, sizeof(text));
			memcpy(memory + 8 + 448, text, sizeof(text));
		} else if (i < 4) {
			memcpy(memory + 100, text, sizeof(text));
		} else {
			put32(memory, 0x54525024);
			put32(memory + 8, (uint32_t)size);
			put32(memory + 12, 32 + 16 + 40);
			put32(memory + 32, 0xa5a5u | 421u << 16);
			put32(memory + 36, 40);
			memcpy(memory + 48, text, sizeof(text));
		}
		if (write_seed(buf, (size_t)(memory - buf) + size))
			return -1;
	}
	return 0;
}

/* steps of a host as fuzz_rpmsg.c takes them: it looks, sends, writes into table, rings and buffers, goes and comes back */
static int write_hosts(void)
{
	static const uint8_t honest[] = { 6, 2, 12, 0, 1, 0, 1, 6, 2, 240, 1, 2, 0, 0, 2, 0, 0, 3, 0, 2, 6, 4, 0, 6, 11, 6 };
	static const uint8_t dying[] = { 6, 2, 5, 0, 1, 0, 1, 6, 11, 6, 5, 6, 3, 2, 1, 0, 1, 0, 1, 6 };
	static const uint8_t rings[] = { 6, 2, 5, 0, 1, 0, 1, 16, 2, 2, 1, 255, 127, 6, 11, 8, 12, 0, 1, 1, 0, 6, 11,
					 2, 5, 0, 1, 0, 1, 16, 0, 0, 7, 0, 0, 0, 32, 0, 0, 0, 0, 6 };
	static const uint8_t table[] = { 4, 0, 6, 11, 0, 108, 0, 3, 0, 0, 1, 32, 6, 0, 116, 0, 3, 64, 0, 0, 0, 6, 11, 6 };
	static const struct {
		const uint8_t *steps;
		size_t size;
	} hosts[] = { { honest, sizeof(honest) }, { dying, sizeof(dying) }, { rings, sizeof(rings) }, { table, sizeof(table) } };

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (write_seed(hosts[i].steps, hosts[i].size))
			return -1;
	return 0;
}

static int write_texts(const char *const *texts)
{
	for (; *texts; texts++)
		if (write_seed((const uint8_t *)*texts, strlen(*texts)))
			return -1;
	return 0;
}

/* logs as kernels and the secure world write them: what begins in one line and ends in another, glued and coloured lines */
static int write_logs(void)
{
	static const char *const texts[] = {
		"[    3.892143] arm-smmu-v3 9050000.iommu: event 0x13 received:\n"
		"[    3.892229] arm-smmu-v3 9050000.iommu: \t0x0000810000000013\n"
		"[    3.892265] arm-smmu-v3 9050000.iommu: \t0x0000000000000000\n"
		"[    3.892276] arm-smmu-v3 9050000.iommu: \t0x00000000b8910040\n"
		"[    3.892285] arm-smmu-v3 9050000.iommu: \t0x0000000000000000\n"
		"[    3.892339] arm-smmu-v3 9050000.iommu: event: F_PERMISSION client: remoteproc-adsp sid: 0x8100 ssid: 0x0 iova: "
		"0xb8910040 ipa: 0x0\n"
		"[    3.892392] arm-smmu-v3 9050000.iommu: unpriv data write s1 \"CD fetch\" stag: 0x0\n",
		"[   12.1] x\n[   12.345678] arm-smmu 15000000.iommu: Unhandled context fault: fsr=0x402, iova=0x8a001000, "
		"fsynr=0x3d0011, cbfrsynra=0x1801, cb=3\n[   12.345679] arm-smmu 15000000.iommu: FSR    = 00000402 [Format=2 TF], "
		"SID=0x1801\n[   12.345700] qcom_q6v5_pas a.remoteproc: fatal error received: x\n[   12.345800] remoteproc "
		"remoteproc0: crash detected in adsp: type fatal error\n[   13.0] remoteproc remoteproc0: remote processor adsp is "
		"now up\n",
		"<3>[  718.314900][  T803] arm-smmu 1.apps-smmu: Unhandled arm-smmu context fault from a600000.dwc3!\n"
		"<3>[  718.314994][  T803] arm-smmu 1.apps-smmu: FAR    = 0x00000000efbb0000\n"
		"<3>[  718.315010][  T803] arm-smmu 1.apps-smmu: FSR    = 0x40000408 [PF W SS ]\n"
		"<3>[  718.315030][  T803] arm-smmu 1.apps-smmu: SID = 0x40\n",
		"arm-smmu 1.iommu: Unexpected global fault, this could be serious\r\narm-smmu 1.iommu: \tGFSR 0x00000040, GFSYNR0 "
		"0x00000002, GFSYNR1 0x00000800, GFSYNR2 0x00000000\r\n",
		"adsp: AUTH_AND_RESET refused: BIND_SOC: signed for other SoCs (first 0x601a); this is 0x6019\nshim: core 0: read of "
		"0x50000000 at pc 0xb00005d4: address 0x50000000 is not mapped (level 1)\nadsp: CRASH seen: core 0 was stopped\n"
		"scm: call refused: SCM_UNKNOWN: function 0x1 is not offered\n",
		"@1@[    1.000000] remoteproc remoteproc0: Boot failed: -22[    1.000001] qcom_scm: err: -5\033[31m\n6,1,2000000,-;x "
		"y: start timed out\nNov 21 09:50:12 host kernel: [    3.000000] a b: request_firmware failed: -2\n",
		NULL,
	};

	return write_texts(texts);
}

static int write_profiles(void)
{
	static const char *const texts[] = {
		"# product\nkeys = \"keys/production\"\npassphrase_file = '/run/signing'\nsoc = [0x6019, 0x601a]\n"
		"oem = 0x51\nmodel = \"any\"\nanti_rollback = 3\nfixed = true\njson=false\n",
		"serial = [ \"1\", '2' , 3 ]\t# comment\r\n\r\nversion = 7\nhash = \"sha384\"",
		"sign-with = \"sign --key 1\"\noutput = 'a'\nrefused = 1\n",
		"a = []\nb = [true, 1_000]\nc = \"\"\n",
		"[table]\nx = -1\n",
		"key = \"without end\nkey = 1\nkey = 2 3\n",
		"long = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n",
		NULL,
	};

	return write_texts(texts);
}

static int write_streams(void)
{
	static const char *const texts[] = {
		"{\"entries\": [{\"sid\": \"0x1234\", \"access\": [\"read\", \"write\"], \"base\": \"0xb8000000\", "
		"\"size\": \"0x200000\"}, {\"sid\": 4672, \"mask\": 15, \"purpose\": \"dma-master\", \"access\": "
		"[\"write\"], \"base\": 4096, \"size\": 8192}]}",
		"{\"images\": [{\"manifest\": {\"segment\": 4, \"entries\": [{\"sid\": 1, \"purpose\": \"firmware\", "
		"\"access\": [\"read\"], \"base\": 0, \"size\": 4096}], \"error\": null}}]}",
		"{\"entries\": []}",
		"{\"entries\": [{\"sid\": -1, \"access\": [], \"base\": 1, \"size\": 18446744073709551616}]}",
		NULL,
	};

	return write_texts(texts);
}

/* a first byte that is odd: a log; else pieces that are laid over a trace: offset, length, bytes */
static int write_traces(void)
{
	static const char *const texts[] = {
		"1[    0.000000] Booting Linux on physical CPU 0x0\n[    0.004000] a line\n"
		"[    0.006000] pilot-clock: counter 749900 to 750100 at 2000 us, 62500000 Hz\n",
		"1[    1.000000][    T1] of a task\nx[    2.000000] behind an x\n[   3.0] none\n",
		"0", "0\x40\x00\x04" "GNIR", "0\x50\x00\x08\xff\xff\xff\xff\xff\xff\xff\xff", "0\xc8\x00\x04\x03\x00\x00\x00",
		NULL,
	};

	return write_texts(texts);
}

/* a run's record, and a secure log behind a NUL */
static int write_reports(void)
{
	static const char record[] =
		"{\"steps\": [{\"name\": \"a\", \"ok\": true, \"seconds\": 0.5, \"observed\": \"<b> & \\u00e9\"}, "
		"{\"name\": \"b\", \"ok\": false, \"seconds\": 0, \"observed\": \"not reached\"}], "
		"\"kernel\": \"7.2\", \"cpu\": \"max\", \"smp\": 3, \"memory\": 2147483648, \"arrangement\": \"owner\", "
		"\"images\": [{\"name\": \"adsp.mbn\", \"verdict\": \"refused\", \"root_hash\": \"00ff\", \"signer\": \"O = x\", "
		"\"error\": {\"text\": \"why\"}, \"image_version\": 1}]}";
	static const char log[] = "[    1.000000] adsp: AUTH_AND_RESET refused: HASH_SEGMENT: segment 2: differs\n"
				  "E/TC:?? 0 m33: LOAD_FW refused: ROLLBACK: version 0\r\n"
				  "shim: core 0: read of 0x5: address 0x5 is not mapped\nx refused: y\n";

	memcpy(buf, record, sizeof(record));
	memcpy(buf + sizeof(record), log, sizeof(log));
	return write_seed(buf, sizeof(record) + sizeof(log)) || write_seed((const uint8_t *)"{}", 3) ? -1 : 0;
}

static int write_descriptions(void)
{
	static const char *const texts[] = {
		"{\"entries\": [{\"type\": \"carveout\", \"name\": \"code\", \"da\": \"0x10000000\", \"pa\": \"any\", "
		"\"len\": \"0x40000\", \"flags\": [\"read\", \"write\", \"0x8\"]}, {\"type\": \"vdev\", \"id\": 7, "
		"\"dfeatures\": \"0x1\", \"config\": \"0102ff\", \"status\": 0, \"notifyid\": \"any\", \"gfeatures\": 0, "
		"\"vrings\": [{\"da\": \"any\", \"align\": 16, \"num\": 8}, {\"da\": 4096, \"align\": 16, \"num\": 8, "
		"\"notifyid\": 1, \"pa\": \"any\"}]}]}",
		"{\"tables\": [{\"file\": \"a\", \"entries\": [{\"type\": \"devmem\", \"da\": 4096, \"pa\": 8192, "
		"\"len\": 4096, \"flags\": []}, {\"type\": \"trace\", \"da\": \"0x20000\", \"len\": 1, \"name\": \"t\"}]}]}",
		"{\"entries\": []}",
		"{\"entries\": [{\"type\": \"trace\", \"da\": -1, \"len\": 4294967296}]}",
		"[1, {\"a\": null}]",
		NULL,
	};

	return write_texts(texts);
}

static int write_fuses(void)
{
	static const uint32_t words[] = {
		PIL_FUSES_MAGIC, PIL_FUSES_VERSION, sizeof(struct pil_fuses), 0x6019, 0x1b2c3d, 1, 2, 0, 4711, 0,
		PIL_FUSES_LIFE_SECURE, PIL_FUSES_DEBUG_COREDUMP, 0, 0, 0, 0,
	};
	unsigned int roots = 0;
	size_t i = 0;

	for (roots = 0; roots <= PIL_FUSES_ROOTS + 1; roots++) {
		memset(buf, (int)roots, sizeof(struct pil_fuses) + roots);
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			imagegen_put(buf + 4 * i, 4, words[i]);
		imagegen_put(buf + 28, 4, roots);
		memset(buf + 64, 0, PIL_FUSES_ROOTS * PIL_FUSES_HASH);
		memset(buf + 64, 0x5a, (size_t)roots * PIL_FUSES_HASH);
		imagegen_put(buf + 48, 4, (1u << roots) - 1u);
		if (write_seed(buf, sizeof(struct pil_fuses) + roots))
			return -1;
	}
	return write_seed(buf, sizeof(struct pil_fuses) - 1);
}

/* words as a flattened device tree has them: most significant byte first */
static int write_tree(const uint32_t *words, size_t count)
{
	size_t i = 0;
	size_t k = 0;

	for (i = 0; i < count; i++)
		for (k = 0; k < 4; k++)
			buf[4 * i + k] = (uint8_t)(words[i] >> (24 - 8 * k));
	return write_seed(buf, 4 * count);
}

#define WORD(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

static int write_trees(void)
{
	uint32_t tree[] = {
		/* header: magic, size, structure, strings, reserved memory, versions, CPU, sizes of both blocks */
		0xd00dfeed, 152, 40, 140, 40, 17, 16, 0, 12, 100,
		/* root with a property, a node, and the one with the memory */
		1, 0, 3, 4, 8, 2,
		1, WORD('p', 's', 'c', 'i'), 0, 3, 5, 4, 1, 0, 2,
		1, WORD('m', 'e', 'm', 'o'), WORD('r', 'y', '@', '4'), 0, 3, 16, 0, 0, 0x40000000, 0, 0x80000000, 2, 2, 9,
		/* strings */
		WORD('r', 'e', 'g', 0), WORD('r', 'e', 'g', '-'), WORD('n', 0, 0, 0),
	};
	const size_t count = sizeof(tree) / sizeof(tree[0]);
	size_t i = 0;

	tree[1] = 4 * count;
	tree[3] = 4 * (count - 3);
	if (write_tree(tree, count))
		return -1;
	for (i = 12; i < 16; i++)
		tree[i] = 4; /* NOPs in place of the first property */
	if (write_tree(tree, count))
		return -1;
	tree[30] = 15;	/* half a cell is missing */
	return write_tree(tree, count);
}

/* the list of items as it is at boot, then with the host's item behind it, which is as long as it may be or longer */
static int write_items(void)
{
	static const uint32_t sizes[] = { 0, 344, 0x170000, 0x180000 };
	uint8_t *smem = calloc(1, VIRT_SMEM_SIZE);
	uint8_t *part = smem ? smem + SMEM_PART : NULL;
	uint32_t end = 0;
	size_t i = 0;
	int ret = smem ? 0 : -1;

	for (i = 0; !ret && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		virt_smem_init(smem);
		memcpy(&end, part + SMEM_FREE, sizeof(end));
		imagegen_put(part + end, 4, 0xa5a5u | VIRT_ADSP_SMP2P_OUT << 16);
		imagegen_put(part + end + 4, 4, sizes[i]);
		imagegen_put(part + end + 16 + 36, 4, 0x12345678);
		imagegen_put(part + SMEM_FREE, 4, sizes[i] ? end + 16 + sizes[i] : end);
		ret = write_seed(part, end + 16 + 40);
	}
	free(smem);
	return ret;
}

static int write_bio(BIO *bio, int ok)
{
	char *data = NULL;
	long size = ok == 1 && bio ? BIO_get_mem_data(bio, &data) : 0;
	int ret = size > 0 ? write_seed((const uint8_t *)data, (size_t)size) : -1;

	BIO_free(bio);
	return ret;
}

static int write_key(enum certgen_key which)
{
	EVP_PKEY *key = certgen_key(which);
	size_t size = containergen_key(which, buf, sizeof(buf));
	BIO *bio = BIO_new(BIO_s_mem());

	if (write_seed(buf, size) || write_bio(bio, PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL)))
		return -1;
	bio = BIO_new(BIO_s_mem());
	if (write_bio(bio, PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL)))
		return -1;
	bio = BIO_new(BIO_s_mem());
	if (write_bio(bio, PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_128_cbc(), "long", 4, NULL, NULL)))
		return -1;
	bio = BIO_new(BIO_s_mem());
	return write_bio(bio, PEM_write_bio_PUBKEY(bio, key));
}

static int write_cert(const struct certgen_cert *cert)
{
	size_t size = certgen_cert(cert, buf, sizeof(buf));
	const unsigned char *at = buf;
	X509 *x = size ? d2i_X509(NULL, &at, (long)size) : NULL;
	BIO *bio = BIO_new(BIO_s_mem());
	int ret = x && !write_seed(buf, size) ? 0 : -1;

	if (ret)
		BIO_free(bio);
	else
		ret = write_bio(bio, PEM_write_bio_X509(bio, x));
	X509_free(x);
	return ret;
}

static int write_keys(void)
{
	static const enum certgen_key keys[] = { CERTGEN_P256, CERTGEN_LEAF, CERTGEN_RSA2048, CERTGEN_P521 };
	struct certgen_chain chain = { 0 };
	size_t i = 0;

	certgen_init(&chain);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		chain.cert[0].key = keys[i];
		if (write_key(keys[i]) || write_cert(&chain.cert[0]))
			return -1;
	}
	return 0;
}

/* a piece of a set: its name, its length, its bytes; returns where the next one goes */
static uint8_t *put_piece(uint8_t *at, unsigned int name, const uint8_t *data, size_t size)
{
	*at = (uint8_t)name;
	imagegen_put(at + 1, 2, size);
	memcpy(at + 3, data, size);
	return at + 3 + size;
}

/* the file as it is, and in pieces; bytes behind its end are in none of them */
static int write_set(const uint8_t *file, size_t size, size_t behind, const struct imagegen_layout *l)
{
	uint8_t rest[64] = "PILREST1";
	struct pil_elf elf = { 0 };
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;
	uint8_t *at = buf + 1;

	buf[0] = 0;
	memcpy(buf + 1, file, size + behind);
	if (behind > 32 || write_seed(buf, 1 + size + behind) || pil_elf_parse(file, size, &elf, NULL))
		return -1;
	buf[0] = 1;
	for (i = 0; i < elf.phnum; i++) {
		pil_elf_phdr(&elf, i, &phdr);
		if (phdr.filesz)
			at = put_piece(at, i, file + phdr.offset, (size_t)phdr.filesz);
	}
	pil_elf_phdr(&elf, l->hash_index, &phdr);
	memcpy(at + 3, file, l->headers);
	memcpy(at + 3 + l->headers, file + phdr.offset, l->hash_size);
	at[0] = 0xff;
	imagegen_put(at + 1, 2, l->headers + l->hash_size);
	at += 3 + l->headers + l->hash_size;
	imagegen_put(rest + 8, 8, size + behind);
	imagegen_put(rest + 16, 8, size);
	imagegen_put(rest + 24, 8, behind);
	memcpy(rest + 32, file + size, behind);
	if (behind)
		at = put_piece(at, 0xfe, rest, 32 + behind);
	return write_seed(buf, (size_t)(at - buf));
}

static int write_sets(void)
{
	static uint8_t file[16384];
	struct imagegen_layout l = { 0 };
	struct imagegen g = { 0 };
	unsigned int shape = 0;
	size_t size = 0;

	for (shape = 0; shape < 32; shape++) {
		describe_shape(&g, shape, 6);
		imagegen_layout(&g, &l);
		memset(file, (int)shape, sizeof(file));
		size = imagegen_file(&g, file, sizeof(file) - 32);
		if (!size || write_set(file, size, shape % 8, &l))
			return -1;
	}
	return 0;
}

/* a file to be signed: options, keys, and the image as it is or, with another type, not signed yet */
static int write_unsigned(uint8_t options, uint8_t keys, size_t size)
{
	struct pil_elf elf = { 0 };
	unsigned int i = 0;

	buf[0] = options;
	buf[1] = keys;
	if (!size || write_seed(buf, 2 + size) || pil_elf_parse(buf + 2, size, &elf, NULL))
		return -1;
	for (i = 0; i < elf.phnum; i++) {
		uint8_t *phdr = buf + 2 + elf.phoff + (size_t)i * elf.phentsize;

		phdr[(elf.is64 ? 4 : 24) + 3] = 0; /* flags: no kind of segment */
	}
	return write_seed(buf, 2 + size);
}

/* with good signatures and chains: what binds versions 3 and 5 stands in the leaf */
static int write_signed(unsigned int version, unsigned int index)
{
	static struct signedgen s;

	signedgen_init(&s, index & 1);
	imagegen_version(&s.image, version);
	memcpy(s.image.metadata[PIL_QTI], s.image.metadata[PIL_OEM], sizeof(s.image.metadata[PIL_QTI]));
	signedgen_use(&s, version == 3 ? SIGNEDGEN_RAW : SIGNEDGEN_PSS, CERTGEN_RSA2048);
	s.both = index & 2 && version > 3;
	return write_unsigned((uint8_t)(index & 4 ? 4 : 0), version == 3 ? 2 : 1,
			      signedgen_file(&s, buf + 2, sizeof(buf) - 2));
}

static int write_files(void)
{
	static const unsigned int versions[] = { 3, 5, 6, 7, 8 };
	struct imagegen g = { 0 };
	unsigned int shape = 0;
	unsigned int i = 0;

	for (i = 0; i < 5 * 16; i++) {
		shape = i / 5;
		describe_shape(&g, shape, versions[i % 5]);
		/* another version than it has, or its own; versions 3 and 5 have RSA, 3 with either padding */
		if (write_unsigned((uint8_t)(i % 7 | (i * 16 & 0xf0)), (uint8_t)(i % 3),
				   imagegen_file(&g, buf + 2, sizeof(buf) - 2)))
			return -1;
	}
	for (i = 0; i < 5 * 8; i++)
		if (write_signed(versions[i % 5], i / 5))
			return -1;
	return 0;
}

const struct seed_writer tool_seeds[] = {
	{ "log", write_logs }, { "trace", write_traces }, { "report", write_reports }, { "streams", write_streams },
	{ "profile", write_profiles }, { "description", write_descriptions }, { "fuses", write_fuses },
	{ "machine-tree", write_trees }, { "keys", write_keys }, { "pieces", write_sets },
	{ "smem", write_items }, { "dump", write_cores }, { "rpmsg", write_hosts },
	{ "sign", write_files }, { "tree", write_tree_seeds }, { NULL, NULL },
};
