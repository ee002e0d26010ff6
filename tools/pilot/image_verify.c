/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image verify: every check by name, with the reason when it fails. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/fuses.h>

#include "pki.h"
#include "verify.h"

static const char help[] =
	"Checks each FILE as a device's secure world does, and says the result of every check by name:\n"
	"  chain      certificates are well formed, each signed by the next, the root by itself\n"
	"  root       the root certificate is one that the device trusts (--root, --root-hash,\n"
	"             --fuses)\n"
	"  signature  the leaf certificate's key signed header, metadata and hash table\n"
	"  binding    the image is for this device (--soc, --oem, --model, --serial, --jtag,\n"
	"             --fuses)\n"
	"  software   the image is for this peripheral (--sw-id)\n"
	"  headers    digest of ELF header and program headers\n"
	"  segments   digests of all segments\n"
	"What is not asked is not checked. Without a root anybody can have signed the image: the\n"
	"output says so, and gives the root's hash. Validity dates of certificates do not count:\n"
	"devices have no clock that could be trusted, and images outlive their certificates;\n"
	"'pilot image show' warns of expired ones.\n"
	"\n"
	"options:\n"
	"      --root FILE      root certificate that is trusted, PEM or DER; up to 4 times\n"
	"      --root-hash HEX  SHA-384 of a root certificate that is trusted; up to 4 times\n"
	"      --fuses FILE     fuse block with roots, SoC, OEM, model, chip id and serial number\n"
	"                       of the device\n"
	"      --soc N          SoC hardware version of the device\n"
	"      --oem N          its maker\n"
	"      --model N        its product number\n"
	"      --jtag N         its chip id\n"
	"      --serial N       its serial number\n"
	"      --sw-id N        software id that the peripheral takes\n"
	"      --crypto NAME    back end: openssl (default) or mbedtls\n"
	"      --json           print a JSON document; pilot-image(1) lists the keys\n"
	"  -h, --help           this text\n"
	"Numbers are decimal, or hexadecimal with 0x.\n"
	"\n"
	"examples:\n"
	"  pilot image verify --root keys/root.crt adsp.mbn\n"
	"  pilot image verify --fuses fuses.bin --sw-id 4 adsp.mbn\n"
	"  pilot image verify --json *.mbn | jq '.images[] | select(.verdict == \"refused\")'\n"
	"\n"
	"exit status: 0 every check that was asked passed; 1 refused; 2 usage, not an image, or a\n"
	"file that cannot be read. The worst file counts.\n";
;

struct options {
	struct questions q;
	const char *fuses;
	const struct pil_crypto *crypto;
	bool json;
};

struct totals {
	unsigned int genuine;
	unsigned int refused;
	unsigned int no_image;
};

static const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_NOT_REACHED] = "not reached",
		[OUTCOME_NOT_ASKED] = "not asked",
		[OUTCOME_OK] = "ok",
		[OUTCOME_FAILED] = "failed",
	};

	return names[outcome];
}

/* with a root it is genuine; without one only free of contradictions */
static const char *verdict(const struct options *opt, bool good)
{
	if (!good)
		return "refused";
	return opt->q.root ? "genuine" : "consistent";
}

static void print_detail(const struct image_info *info, const struct answers *answers, enum pil_check check)
{
	char digits[2 * PIL_ROOT_HASH_SIZE + 1] = "";
	char *name = NULL;

	switch (check) {
	case PIL_CHECK_CHAIN:
		printf(": %u certificates", answers->result.certs);
		break;
	case PIL_CHECK_ROOT:
		printf(": root hash %s", hex(digits, info->root_hash, PIL_ROOT_HASH_SIZE));
		break;
	case PIL_CHECK_SIGNATURE:
		name = info->certs ? cert_name(info->cert[0].subject) : NULL;
		printf(": %s by %s", sig_alg_name(answers->result.sig_alg), name ? name : "?");
		free(name);
		break;
	case PIL_CHECK_SOFTWARE:
		printf(": id 0x%" PRIx32, info->image.mbn.signer[PIL_OEM].binding.sw_id);
		break;
	case PIL_CHECK_SEGMENTS:
		printf(": %u with %" PRIu64 " bytes, %s", answers->segments, answers->bytes,
		       hash_alg_name(info->image.mbn.hash_alg));
		break;
	default:
		break;
	}
}

static void print_reason(const struct pil_why *why)
{
	char text[200] = "";

	pil_why_text(why, text, sizeof(text));
	printf(": %s", text);
}

static void print_check(const struct image_info *info, const struct answers *answers, enum pil_check check)
{
	static const enum paint paints[] = {
		[OUTCOME_NOT_REACHED] = PAINT_DIM,
		[OUTCOME_NOT_ASKED] = PAINT_DIM,
		[OUTCOME_OK] = PAINT_GOOD,
		[OUTCOME_FAILED] = PAINT_BAD,
	};
	enum outcome outcome = answers->outcome[check];
	unsigned int i = 0;

	printf("  %-9s  %s%s%s", pil_check_name(check), paint(paints[outcome]), outcome_name(outcome),
	       paint(PAINT_OFF));
	if (outcome == OUTCOME_FAILED)
		print_reason(&answers->why[check]);
	else if (outcome == OUTCOME_OK || (check == PIL_CHECK_ROOT && outcome == OUTCOME_NOT_ASKED && info->certs))
		print_detail(info, answers, check);
	putchar('\n');
	for (i = 1; check == PIL_CHECK_SEGMENTS && i < answers->failures; i++) {
		printf("%19s", "");
		print_reason(&answers->failed[i]);
		putchar('\n');
	}
}

static void print_answers(const struct options *opt, const struct image_info *info, const struct answers *answers,
			  bool good)
{
	int check = 0;

	printf("%s%s%s: %s%s%s\n", paint(PAINT_TITLE), info->file.path, paint(PAINT_OFF),
	       paint(!good	   ? PAINT_BAD
		     : opt->q.root ? PAINT_GOOD
				   : PAINT_WARN),
	       verdict(opt, good), paint(PAINT_OFF));
	for (check = 0; check < PIL_CHECK_COUNT; check++)
		print_check(info, answers, (enum pil_check)check);
	if (!opt->q.root)
		printf("  %sthe root is not checked against anything: whoever made it can have signed this. "
		       "Give --root, --root-hash or --fuses.%s\n",
		       paint(PAINT_WARN), paint(PAINT_OFF));
}

static json_t *checks_json(const struct answers *answers)
{
	json_t *checks = json_array();
	int i = 0;

	for (i = 0; i < PIL_CHECK_COUNT; i++) {
		json_t *check = json_pack("{s:s, s:s}", "name", pil_check_name((enum pil_check)i), "result",
					  outcome_name(answers->outcome[i]));

		if (answers->outcome[i] == OUTCOME_FAILED)
			json_object_set_new(check, "error", json_why(&answers->why[i]));
		json_array_append_new(checks, check);
	}
	return checks;
}

static json_t *answers_json(const struct options *opt, const struct image_info *info, const struct answers *answers,
			    bool good)
{
	json_t *failed = json_array();
	unsigned int i = 0;

	for (i = 0; i < answers->failures; i++)
		json_array_append_new(failed, json_why(&answers->failed[i]));
	return json_pack("{s:o, s:s, s:b, s:o, s:o, s:i, s:o, s:o}", "file", json_name(info->file.path), "verdict",
			 verdict(opt, good), "root_checked", (int)opt->q.root, "root_hash",
			 info->certs ? json_bytes(info->root_hash, sizeof(info->root_hash)) : json_null(), "checks",
			 checks_json(answers), "segments", (int)answers->segments, "bytes", json_u64(answers->bytes),
			 "segment_errors", failed);
}

/* a file that is no image, or an image whose structure cannot be read */
static int refuse(const struct image_info *info, json_t *images, struct totals *totals)
{
	bool no_image = info->kind != INFO_BROKEN;
	const char *word = no_image ? "not an image" : "refused";

	if (images)
		json_array_append_new(images, json_pack("{s:o, s:s, s:o}", "file", json_name(info->file.path),
							"verdict", word, "error", json_why(&info->why)));
	else
		printf("%s%s%s: %s%s%s\n", paint(PAINT_TITLE), info->file.path, paint(PAINT_OFF), paint(PAINT_BAD),
		       word, paint(PAINT_OFF));
	complain_why(info->file.path, &info->why);
	totals->no_image += no_image;
	totals->refused += !no_image;
	return no_image ? STATUS_TROUBLE : STATUS_REFUSED;
}

static int verify_signed(const struct options *opt, const struct image_info *info, json_t *images,
			 struct totals *totals)
{
	struct answers *answers = malloc(sizeof(*answers));
	bool good = false;

	if (!answers) {
		complain(NULL, "out of memory");
		return STATUS_TROUBLE;
	}
	good = verify_image(info, &opt->q, opt->crypto, answers);
	if (images)
		json_array_append_new(images, answers_json(opt, info, answers, good));
	else
		print_answers(opt, info, answers, good);
	free(answers);
	totals->genuine += good;
	totals->refused += !good;
	return good ? STATUS_OK : STATUS_REFUSED;
}

static int verify_file(const struct options *opt, const char *path, json_t *images, struct totals *totals)
{
	struct image_info info = { 0 };
	int status = STATUS_OK;

	if (!image_info_open(&info, path, opt->crypto)) {
		if (images)
			json_array_append_new(
				images, json_pack("{s:o, s:s}", "file", json_name(path), "verdict", "unreadable"));
		totals->no_image++;
		return STATUS_TROUBLE;
	}
	if (info.kind == INFO_SIGNED)
		status = verify_signed(opt, &info, images, totals);
	else
		status = refuse(&info, images, totals);
	image_info_close(&info);
	return status;
}

static int verify_all(const struct options *opt, char **paths, int count)
{
	json_t *images = opt->json ? json_array() : NULL;
	struct totals totals = { 0 };
	int status = STATUS_OK;
	int i = 0;

	for (i = 0; i < count; i++) {
		int one = verify_file(opt, paths[i], images, &totals);

		status = one > status ? one : status;
	}
	if (opt->json)
		return json_finish(json_pack("{s:o, s:i, s:i, s:i}", "images", images, "passed", (int)totals.genuine,
					     "refused", (int)totals.refused, "not_images", (int)totals.no_image),
				   status);
	if (count > 1)
		printf("%d files: %u %s, %u refused, %u not an image\n", count, totals.genuine, verdict(opt, true),
		       totals.refused, totals.no_image);
	return status;
}

static int take_word(const struct command *cmd, const char *option, uint32_t *word, bool *asked)
{
	uint64_t value = 0;

	if (!parse_number(optarg, UINT32_MAX, &value))
		return command_usage_error(cmd, "--%s takes a number below 2^32, not '%s'", option, optarg);
	*word = (uint32_t)value;
	*asked = true;
	return STATUS_OK;
}

static int take_root(const struct command *cmd, struct questions *q, bool is_hash)
{
	uint8_t *hash = q->device.root_hash[q->device.root_count];
	X509 *cert = NULL;
	bool ok = false;

	if (q->device.root_count == PIL_MAX_ROOTS)
		return command_usage_error(cmd, "more than %u roots", PIL_MAX_ROOTS);
	if (is_hash && !parse_hex(optarg, hash, PIL_ROOT_HASH_SIZE))
		return command_usage_error(cmd, "--root-hash takes %u hexadecimal digits (SHA-384), not '%s'",
					   2 * PIL_ROOT_HASH_SIZE, optarg);
	if (!is_hash) {
		cert = pki_read_cert(optarg);
		ok = cert && pki_cert_hash(cert, hash);
		X509_free(cert);
		if (!ok)
			return STATUS_TROUBLE;
	}
	q->device.root_count++;
	q->root = true;
	return STATUS_OK;
}

static int take_crypto(const struct command *cmd, struct options *opt)
{
	opt->crypto = crypto_by_name(optarg);
	if (!opt->crypto)
		return command_usage_error(cmd, "--crypto takes openssl or mbedtls, not '%s'", optarg);
	return STATUS_OK;
}

static int take_option(const struct command *cmd, struct options *opt, int c)
{
	struct questions *q = &opt->q;

	switch (c) {
	case 'r':
	case 'R':
		return take_root(cmd, q, c == 'R');
	case 'f':
		opt->fuses = optarg;
		return STATUS_OK;
	case 's':
		return take_word(cmd, "soc", &q->device.soc_version, &q->soc);
	case 'e':
		return take_word(cmd, "oem", &q->device.oem_id, &q->oem);
	case 'm':
		return take_word(cmd, "model", &q->device.model_id, &q->model);
	case 't':
		return take_word(cmd, "jtag", &q->device.jtag_id, &q->jtag);
	case 'n':
		q->serial = parse_number(optarg, UINT64_MAX, &q->device.serial);
		return q->serial ? STATUS_OK : command_usage_error(cmd, "--serial takes a number, not '%s'", optarg);
	case 'w':
		return take_word(cmd, "sw-id", &q->software, &q->sw_id);
	case 'c':
		return take_crypto(cmd, opt);
	case 'j':
		opt->json = true;
		return STATUS_OK;
	default:
		return command_usage_error(cmd, NULL);
	}
}

static int take_fuses(const struct command *cmd, struct options *opt)
{
	struct questions *q = &opt->q;
	struct pil_why why = { 0 };
	struct file file = { 0 };
	int failed = 0;

	if (q->root || q->soc || q->oem || q->model || q->serial || q->jtag)
		return command_usage_error(cmd, "--fuses says root and device already; give one or the other");
	if (!file_open(&file, opt->fuses))
		return STATUS_TROUBLE;
	failed = pil_fuses_parse(file.data, file.size, &q->device, &why);
	file_close(&file);
	if (failed) {
		complain_why(opt->fuses, &why);
		return STATUS_TROUBLE;
	}
	q->root = q->soc = q->oem = q->model = q->serial = q->jtag = true;
	return STATUS_OK;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "root-hash", required_argument, NULL, 'R' },
		{ "fuses", required_argument, NULL, 'f' },
		{ "soc", required_argument, NULL, 's' },
		{ "oem", required_argument, NULL, 'e' },
		{ "model", required_argument, NULL, 'm' },
		{ "jtag", required_argument, NULL, 't' },
		{ "serial", required_argument, NULL, 'n' },
		{ "sw-id", required_argument, NULL, 'w' },
		{ "crypto", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options opt = { .crypto = &pil_crypto_openssl };
	int status = STATUS_OK;
	int c = 0;

	while (!status && (c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (c == 'h')
			return command_help(cmd);
		status = take_option(cmd, &opt, c);
	}
	if (!status && opt.fuses)
		status = take_fuses(cmd, &opt);
	if (!status && optind == argc)
		status = command_usage_error(cmd, "FILE is missing");
	return status ? status : verify_all(&opt, argv + optind, argc - optind);
}

const struct command command_image_verify = {
	"image",
	"verify",
	"check whether images are genuine, and for this device",
	"[--root FILE]... [--root-hash HEX]... [--fuses FILE] [--soc N] [--oem N]\n"
	"       [--model N] [--jtag N] [--serial N] [--sw-id N] [--crypto NAME] [--json] FILE...",
	help,
	run,
};
