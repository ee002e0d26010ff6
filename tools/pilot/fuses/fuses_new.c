/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot fuses new: a fuse block, as the board virt reads it (include/pilot/wire/fuses.h). */
#include <getopt.h>
#include <string.h>

#include <pilot/fuses.h>
#include <pilot/wire/fuses.h>

#include "bytes.h"
#include "keys/key_read.h"
#include "pilot.h"
#include "keys/pki.h"

static const char help[] =
	"Writes the fuse block of a device: what it is, and the SHA-384 of every root certificate\n"
	"that it trusts. The board virt has it in secure memory; 'pilot image verify --fuses\n"
	"FILE' asks the same of an image.\n"
	"\n"
	"options:\n"
	"  -o, --output FILE  where to\n"
	"      --root FILE    root certificate, PEM or DER; up to 4 times\n"
	"      --soc N        SoC hardware version, for example 0x6019\n"
	"      --oem N        maker\n"
	"      --model N      product\n"
	"      --jtag N       chip id (default: 0)\n"
	"      --serial N     serial number (default: 0)\n"
	"      --inactive N   root certificate number N (from 0) is not activated; repeatable\n"
	"      --revoke N     root certificate number N is revoked; repeatable\n"
	"      --life NAME    life cycle: open, secure (default) or rma\n"
	"      --debug WHAT   coredump: a crashed peripheral's memory may be shown to the host;\n"
	"                     image: images that enable debugging may run, not with --life\n"
	"                     secure; repeatable\n"
	"      --container-key FILE  public key that containers (pilot image sign --container) must be\n"
	"                     signed with; without it no container runs\n"
	"      --loose-containers  containers without Pilot's TLVs run too, as OP-TEE's own script signs\n"
	"                     them: for any processor, of any version\n"
	"      --json         print a JSON document: what 'pilot fuses show --json' prints\n"
	"  -h, --help         this text\n"
	"Numbers are decimal, or hexadecimal with 0x.\n"
	"\n"
	"example:\n"
	"  pilot fuses new -o fuses.bin --root keys/root.crt --soc 0x6019 --oem 1 --model 0\n"
	"\n"
	"exit status: 0 written; 2 usage, or a file that cannot be read or written\n";

_Static_assert(PIL_FUSES_ROOTS == PIL_MAX_ROOTS && PIL_FUSES_HASH == PIL_ROOT_HASH_SIZE,
	       "a device's root hashes fit its fuse block");

#define BLOCK_SIZE sizeof(struct pil_fuses)
#define KEYS_SIZE  sizeof(struct pil_fuses_keys)

struct options {
	const char *output;
	bool json;
	bool soc, oem, model; /* given */
	uint32_t inactive;    /* bit per root */
	struct pil_device device;
};

/* struct pil_fuses as little-endian bytes, whatever the machine that runs this is */
static void encode(const struct pil_device *device, uint8_t block[BLOCK_SIZE])
{
	const uint32_t words[] = { PIL_FUSES_MAGIC, PIL_FUSES_VERSION, BLOCK_SIZE,	 device->soc_version,
				   device->jtag_id, device->oem_id,    device->model_id, device->root_count };
	const uint32_t policy[] = { (uint32_t)device->life_cycle, device->debug, device->root_active,
				    device->root_revoked };
	size_t i = 0;

	memset(block, 0, BLOCK_SIZE);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		put_le32(block + 4 * i, words[i]);
	put_le64(block + offsetof(struct pil_fuses, serial), device->serial);
	for (i = 0; i < sizeof(policy) / sizeof(policy[0]); i++)
		put_le32(block + offsetof(struct pil_fuses, life_cycle) + 4 * i, policy[i]);
	memcpy(block + offsetof(struct pil_fuses, root_hash), device->root_hash, sizeof(device->root_hash));
}

/* struct pil_fuses_keys likewise; a device that takes no containers has none */
static void encode_keys(const struct pil_device *device, uint8_t block[KEYS_SIZE])
{
	const uint32_t words[] = { PIL_FUSES_KEYS_MAGIC, PIL_FUSES_KEYS_VERSION, KEYS_SIZE,
				   device->loose_containers ? PIL_FUSES_KEYS_LOOSE : 0 };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		put_le32(block + 4 * i, words[i]);
	memcpy(block + offsetof(struct pil_fuses_keys, container_key), device->key_hash, sizeof(device->key_hash));
}

static bool take_key(struct pil_device *device, const char *path)
{
	EVP_PKEY *key = public_key_read(path);
	unsigned char *der = NULL;
	int size = key ? i2d_PUBKEY(key, &der) : 0;

	EVP_PKEY_free(key);
	device->has_key = size > 0 && EVP_Digest(der, (size_t)size, device->key_hash, NULL, EVP_sha384(), NULL) == 1;
	OPENSSL_free(der);
	if (key && !device->has_key)
		complain(path, "the key cannot be digested");
	return device->has_key;
}

static bool add_root(struct pil_device *device, const char *path)
{
	X509 *cert = pki_read_cert(path);
	bool ok = cert && pki_cert_hash(cert, device->root_hash[device->root_count]);

	X509_free(cert);
	if (ok)
		device->root_count++;
	return ok;
}

static int parse_word(const struct command *cmd, const char *option, uint32_t *word)
{
	uint64_t value = 0;

	if (!parse_number(optarg, UINT32_MAX, &value))
		return command_usage_error(cmd, "--%s takes a number below 2^32, not '%s'", option, optarg);
	*word = (uint32_t)value;
	return STATUS_OK;
}

static int take_place(const struct command *cmd, const char *option, uint32_t *bits)
{
	uint64_t value = 0;

	if (!parse_number(optarg, PIL_FUSES_ROOTS - 1, &value))
		return command_usage_error(cmd, "--%s takes the number of a root, 0 to %u, not '%s'", option,
					   PIL_FUSES_ROOTS - 1, optarg);
	*bits |= 1u << value;
	return STATUS_OK;
}

static int take_life(const struct command *cmd, struct pil_device *device)
{
	enum pil_life life = PIL_LIFE_OPEN;

	while (life <= PIL_LIFE_RMA && strcmp(optarg, pil_life_name(life)))
		life++;
	if (life > PIL_LIFE_RMA)
		return command_usage_error(cmd, "--life takes open, secure or rma, not '%s'", optarg);
	device->life_cycle = life;
	return STATUS_OK;
}

static int take_debug(const struct command *cmd, struct pil_device *device)
{
	if (!strcmp(optarg, "coredump"))
		device->debug |= PIL_DEBUG_COREDUMP;
	else if (!strcmp(optarg, "image"))
		device->debug |= PIL_DEBUG_IMAGE;
	else
		return command_usage_error(cmd, "--debug takes coredump or image, not '%s'", optarg);
	return STATUS_OK;
}

static int take_policy(const struct command *cmd, struct options *opt, int c)
{
	switch (c) {
	case 'i':
		return take_place(cmd, "inactive", &opt->inactive);
	case 'v':
		return take_place(cmd, "revoke", &opt->device.root_revoked);
	case 'l':
		return take_life(cmd, &opt->device);
	default:
		return take_debug(cmd, &opt->device);
	}
}

static int take_option(const struct command *cmd, struct options *opt, int c)
{
	struct pil_device *device = &opt->device;

	switch (c) {
	case 'o':
		opt->output = optarg;
		return STATUS_OK;
	case 'r':
		if (device->root_count == PIL_FUSES_ROOTS)
			return command_usage_error(cmd, "more than %u roots", PIL_FUSES_ROOTS);
		return add_root(device, optarg) ? STATUS_OK : STATUS_TROUBLE;
	case 's':
		opt->soc = true;
		return parse_word(cmd, "soc", &device->soc_version);
	case 'e':
		opt->oem = true;
		return parse_word(cmd, "oem", &device->oem_id);
	case 'm':
		opt->model = true;
		return parse_word(cmd, "model", &device->model_id);
	case 't':
		return parse_word(cmd, "jtag", &device->jtag_id);
	case 'n':
		if (!parse_number(optarg, UINT64_MAX, &device->serial))
			return command_usage_error(cmd, "--serial takes a number, not '%s'", optarg);
		return STATUS_OK;
	case 'k':
		return take_key(device, optarg) ? STATUS_OK : STATUS_TROUBLE;
	case 'u':
		device->loose_containers = true;
		return STATUS_OK;
	case 'i':
	case 'v':
	case 'l':
	case 'd':
		return take_policy(cmd, opt, c);
	case 'j':
		opt->json = true;
		return STATUS_OK;
	default:
		return command_usage_error(cmd, NULL);
	}
}

static int check(const struct command *cmd, const struct options *opt, int argc)
{
	const char *missing = NULL;

	if (optind != argc)
		return command_usage_error(cmd, "takes no arguments; the file is named with -o");
	if (!opt->output)
		missing = "-o FILE";
	else if (!opt->device.root_count)
		missing = "--root FILE";
	else if (!opt->soc)
		missing = "--soc N";
	else if (!opt->oem)
		missing = "--oem N";
	else if (!opt->model)
		missing = "--model N";
	if (missing)
		return command_usage_error(cmd, "%s is missing", missing);
	if ((opt->inactive | opt->device.root_revoked) >> opt->device.root_count)
		return command_usage_error(cmd, "--inactive and --revoke name roots that are given, 0 to %u",
					   opt->device.root_count - 1);
	if (opt->device.life_cycle == PIL_LIFE_SECURE && opt->device.debug & PIL_DEBUG_IMAGE)
		return command_usage_error(cmd, "--debug image does not go with --life secure");
	if (opt->device.loose_containers && !opt->device.has_key)
		return command_usage_error(cmd, "--loose-containers goes with --container-key");
	return STATUS_OK;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "root", required_argument, NULL, 'r' },
		{ "soc", required_argument, NULL, 's' },
		{ "oem", required_argument, NULL, 'e' },
		{ "model", required_argument, NULL, 'm' },
		{ "jtag", required_argument, NULL, 't' },
		{ "serial", required_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ "inactive", required_argument, NULL, 'i' },
		{ "revoke", required_argument, NULL, 'v' },
		{ "life", required_argument, NULL, 'l' },
		{ "debug", required_argument, NULL, 'd' },
		{ "container-key", required_argument, NULL, 'k' },
		{ "loose-containers", no_argument, NULL, 'u' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options opt = { .device.life_cycle = PIL_LIFE_SECURE };
	uint8_t block[BLOCK_SIZE + KEYS_SIZE] = { 0 };
	int status = STATUS_OK;
	int c = 0;

	while (!status && (c = getopt_long(argc, argv, "o:h", table, NULL)) != -1) {
		if (c == 'h')
			return command_help(cmd);
		status = take_option(cmd, &opt, c);
	}
	if (!status)
		status = check(cmd, &opt, argc);
	if (status)
		return status;
	opt.device.root_active = ((1u << opt.device.root_count) - 1u) & ~opt.inactive;
	encode(&opt.device, block);
	encode_keys(&opt.device, block + BLOCK_SIZE);
	if (!output_whole(opt.output, 0644, block, opt.device.has_key ? sizeof(block) : BLOCK_SIZE))
		return STATUS_TROUBLE;
	return fuses_report(opt.output, &opt.device, opt.json);
}

const struct command command_fuses_new = {
	"fuses",
	"new",
	"write the fuse block of a device",
	"-o FILE --root FILE... --soc N --oem N --model N [--jtag N] [--serial N] [--inactive N]... "
	"[--revoke N]... [--life NAME] [--debug WHAT]... [--container-key FILE [--loose-containers]] [--json]",
	help,
	run,
};
