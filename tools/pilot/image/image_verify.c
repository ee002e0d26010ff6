/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot image verify: every check by name, with the reason when it fails. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pilot/fuses.h>

#include "image/formats.h"
#include "keys/key_read.h"
#include "parallel.h"
#include "keys/pki.h"
#include "image/remember.h"
#include "image/verify_report.h"
#include "walk.h"

static const char help[] =
	"Checks each FILE as a secure world does, and says the result of every check by name. Every\n"
	"header version, digest and signature scheme in use is understood; a device may accept fewer.\n"
	"Of a directory all images in it and below are checked. A split image is given by its .mdt.\n"
	"  chain      certificates are well formed, each signed by the next, the root by itself\n"
	"  root       the root certificate is one that the device trusts (--root, --root-hash,\n"
	"             --fuses)\n"
	"  signature  the leaf certificate's key signed header, metadata and hash table\n"
	"  QTI        the same for the chip maker's signature, where an image has both\n"
	"  binding    the image is for this device (--soc, --oem, --model, --serial, --jtag,\n"
	"             --fuses)\n"
	"  software   the image is for this peripheral (--sw-id)\n"
	"  headers    digest of ELF header and program headers\n"
	"  segments   digests of all segments\n"
	"OP-TEE's containers are recognised, too, and have checks of their own: key, signature,\n"
	"processor, rollback, headers, whole (digest of all bytes of each ELF file) and segments.\n"
	"What is not asked is not checked. Without a root anybody can have signed the image: the\n"
	"output says so, and gives the root's hash. Validity dates of certificates do not count:\n"
	"devices have no clock that could be trusted, and images outlive their certificates;\n"
	"'pilot image show' warns of expired ones.\n"
	"\n"
	"options:\n"
	"      --root FILE      root certificate that is trusted, PEM or DER; up to 4 times\n"
	"      --root-hash HEX  SHA-384 of a root certificate that is trusted, or SHA-256 as old parts\n"
	"                       have it; up to 4 times\n"
	"      --fuses FILE     fuse block with roots, SoC, OEM, model, chip id and serial number\n"
	"                       of the device\n"
	"      --soc N          SoC hardware version of the device\n"
	"      --oem N          its maker\n"
	"      --model N        its product number\n"
	"      --jtag N         its chip id\n"
	"      --serial N       its serial number\n"
	"      --sw-id N        software id that the peripheral takes\n"
	"for containers:\n"
	"      --key FILE       public key that is trusted, PEM or DER, or a certificate with it\n"
	"      --key-hash HEX   SHA-384 of that key (SubjectPublicKeyInfo, DER)\n"
	"      --processor N    number of the processor that is to run it\n"
	"      --min-version N  oldest version that is accepted\n"
	"      --strict         refuse what does not say processor and version and have the whole ELF\n"
	"                       file signed; OP-TEE's own script does not write that. Otherwise it is\n"
	"                       a warning\n"
	"for all:\n"
	"      --jobs N         files that are checked at the same time (default: one per CPU)\n"
	"      --crypto NAME    back end: openssl (default) or mbedtls\n"
	"      --json           print a JSON document; pilot-image(1) lists the keys\n"
	"  -h, --help           this text\n"
	"Numbers are decimal, or hexadecimal with 0x.\n"
	"\n"
	"examples:\n"
	"  pilot image verify --root keys/root.crt adsp.mbn\n"
	"  pilot image verify --fuses fuses.bin --sw-id 4 adsp.mbn\n"
	"  pilot image verify /lib/firmware/qcom\n"
	"  pilot image verify --json *.mbn | jq '.images[] | select(.verdict == \"refused\")'\n"
	"\n"
	"exit status: 0 every check that was asked passed; 1 refused, or not signed; 2 usage, not an\n"
	"image, or a file that cannot be read. The worst file counts.\n";
;

struct options {
	struct questions q;
	struct container_questions container;
	const char *fuses;
	const struct pil_crypto *crypto;
	unsigned int jobs;
	bool json;
};

/**
 * struct result - what came out for one file, until its turn to be printed comes
 * @verdict:   on it
 * @format:    which one it has besides MBN, or NULL
 * @counts:    what it adds to the summary
 * @text:      report for people; or
 * @json:      for programs
 * @complaint: for stderr, or NULL
 */
struct result {
	enum verdict verdict;
	const struct image_format *format;
	struct counts counts;
	char *text;
	json_t *json;
	char *complaint;
};

/* all files; @status and @counts grow as results are taken */
struct batch {
	const struct options *opt;
	const struct paths *paths;
	struct result *results;
	json_t *images;
	struct counts counts;
	unsigned int passed_over;
	bool formats; /* at least one file is of a format of its own, which has another word for being trusted */
	int status;
};

static void report(const struct options *opt, const struct image_info *info, const struct answers *answers,
		   const struct pil_why *why, struct result *result)
{
	size_t size = 0;
	FILE *out = NULL;

	if (opt->json) {
		result->json = report_json(&opt->q, info, result->verdict, answers, why);
		return;
	}
	out = open_memstream(&result->text, &size);
	if (!out)
		return;
	report_text(out, &opt->q, info, result->verdict, answers);
	fclose(out);
}

/* a file that is no image, or an image whose structure cannot be read */
static void refuse(const struct options *opt, const struct image_info *info, struct result *result)
{
	char text[200] = "";

	if (info->kind != INFO_BROKEN)
		result->verdict = VERDICT_NO_IMAGE;
	else
		result->verdict = info->why.reason == PIL_R_MBN_PLACEHOLDER ? VERDICT_PLACEHOLDER : VERDICT_REFUSED;
	pil_why_text(&info->why, text, sizeof(text));
	result->complaint = strdup(text);
	report(opt, info, NULL, &info->why, result);
}

static void verify_signed(const struct options *opt, const struct image_info *info, struct result *result)
{
	struct answers *answers = malloc(sizeof(*answers));
	bool good = false;

	if (!answers) {
		result->complaint = strdup("out of memory");
		return;
	}
	good = verify_image(info, &opt->q, opt->crypto, answers);
	result->verdict = verdict_of(&opt->q, answers, good);
	counts_add(&result->counts, info, answers);
	report(opt, info, answers, NULL, result);
	free(answers);
}

/* a file that is no MBN image: its format has checks of its own */
static void verify_format(const struct options *opt, const char *path, struct result *result)
{
	struct format_report to = { .json = opt->json ? json_object() : NULL };
	char text[200] = "";
	size_t size = 0;

	if (!opt->json)
		to.out = open_memstream(&result->text, &size);
	if (!to.out && !to.json) {
		result->complaint = strdup("out of memory");
		return;
	}
	result->verdict = result->format->verify(path, &opt->container, opt->crypto, &to);
	if (result->verdict == VERDICT_UNREADABLE)
		result->complaint = strdup(file_error(errno));
	else if (to.why.reason) {
		pil_why_text(&to.why, text, sizeof(text));
		result->complaint = strdup(text);
	}
	if (to.out)
		fclose(to.out);
	result->json = to.json;
	result->counts = to.counts;
}

static void verify_file(size_t index, void *arg)
{
	struct batch *batch = arg;
	struct result *result = &batch->results[index];
	struct image_info info = { 0 };

	result->format = image_format_of(batch->paths->path[index]);
	if (result->format) {
		verify_format(batch->opt, batch->paths->path[index], result);
		return;
	}
	if (!image_info_read(&info, batch->paths->path[index], batch->opt->crypto)) {
		result->complaint = strdup(file_error(errno));
		if (batch->opt->json)
			result->json = report_json(&batch->opt->q, &info, VERDICT_UNREADABLE, NULL, NULL);
		return;
	}
	if (info.kind == INFO_SIGNED)
		verify_signed(batch->opt, &info, result);
	else
		refuse(batch->opt, &info, result);
	image_info_close(&info);
}

static void add_counts(struct counts *to, const struct result *result)
{
	const struct counts *c = &result->counts;

	to->verdict[result->verdict]++;
	to->tables += c->tables;
	to->good_tables += c->good_tables;
	to->signatures += c->signatures;
	to->good_signatures += c->good_signatures;
	to->chains += c->chains;
	to->good_chains += c->good_chains;
}

static void forget(struct result *result)
{
	free(result->text);
	free(result->complaint);
	json_decref(result->json);
	*result = (struct result){ 0 };
}

static void take_result(size_t index, void *arg)
{
	struct batch *batch = arg;
	struct result *result = &batch->results[index];
	const int status = verdict_status(result->verdict);

	/* nobody said that everything in a directory would be an image */
	if (batch->paths->found[index] && result->verdict == VERDICT_NO_IMAGE) {
		batch->passed_over++;
		forget(result);
		return;
	}
	if (result->json)
		json_array_append(batch->images, result->json);
	if (result->text)
		fputs(result->text, stdout);
	if (result->complaint)
		complain(batch->paths->path[index], "%s", result->complaint);
	batch->formats = batch->formats || result->format;
	add_counts(&batch->counts, result);
	batch->status = status > batch->status ? status : batch->status;
	forget(result);
}

static json_t *summary_json(struct batch *batch)
{
	const struct counts *c = &batch->counts;
	const unsigned int *v = c->verdict;

	return json_pack("{s:o, s:i, s:i, s:i, s:i, s:{s:i, s:i}, s:{s:i, s:i}, s:{s:i, s:i}}", "images", batch->images,
			 "passed", (int)(v[VERDICT_GENUINE] + v[VERDICT_CONSISTENT]), "refused",
			 (int)(v[VERDICT_REFUSED] + v[VERDICT_UNSIGNED] + v[VERDICT_PLACEHOLDER]), "not_images",
			 (int)(v[VERDICT_NO_IMAGE] + v[VERDICT_UNREADABLE]), "passed_over", (int)batch->passed_over,
			 "tables", "good", (int)c->good_tables, "all", (int)c->tables, "signatures", "good",
			 (int)c->good_signatures, "all", (int)c->signatures, "chains", "good", (int)c->good_chains,
			 "all", (int)c->chains);
}

static void print_summary(const struct batch *batch)
{
	const struct counts *c = &batch->counts;
	const unsigned int *v = c->verdict;
	const enum verdict good = batch->opt->q.root ? VERDICT_GENUINE : VERDICT_CONSISTENT;

	/* what is genuine with one format's question may be only consistent without another's */
	printf("%zu files: %u %s, %u refused", batch->paths->count - batch->passed_over,
	       v[VERDICT_GENUINE] + v[VERDICT_CONSISTENT], batch->formats ? "passed" : verdict_name(good),
	       v[VERDICT_REFUSED]);
	if (v[VERDICT_UNSIGNED])
		printf(", %u unsigned", v[VERDICT_UNSIGNED]);
	if (v[VERDICT_PLACEHOLDER])
		printf(", %u placeholders", v[VERDICT_PLACEHOLDER]);
	printf(", %u not an image\n", v[VERDICT_NO_IMAGE] + v[VERDICT_UNREADABLE]);
	printf("hash tables %u of %u, signatures %u of %u, chains %u of %u\n", c->good_tables, c->tables,
	       c->good_signatures, c->signatures, c->good_chains, c->chains);
	if (batch->passed_over)
		printf("%u ELF files without hash segment passed over\n", batch->passed_over);
}

static int verify_all(const struct options *opt, const struct paths *paths)
{
	struct batch batch = { .opt = opt, .paths = paths, .images = json_array() };
	struct parallel work = {
		.count = paths->count,
		.jobs = opt->jobs,
		.unit = "files",
		.work = verify_file,
		.finish = take_result,
		.arg = &batch,
	};

	batch.results = calloc(paths->count ? paths->count : 1, sizeof(*batch.results));
	if (!batch.results || !batch.images) {
		complain(NULL, "out of memory");
		batch.status = STATUS_TROUBLE;
	} else if (!parallel_run(&work)) {
		batch.status = STATUS_TROUBLE;
	}
	free(batch.results);
	if (opt->json)
		return json_finish(summary_json(&batch), batch.status);
	json_decref(batch.images);
	if (paths->count > 1)
		print_summary(&batch);
	return batch.status;
}

static int verify_names(const struct options *opt, char **names, int count)
{
	struct paths paths = { 0 };
	int status = STATUS_OK;
	int i = 0;

	for (i = 0; i < count && !status; i++)
		status = walk(&paths, names[i]) ? STATUS_OK : STATUS_TROUBLE;
	if (!status)
		status = verify_all(opt, &paths);
	if (!paths.count) {
		complain(names[0], "no image in it or below");
		status = STATUS_TROUBLE;
	}
	paths_free(&paths);
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

static bool take_root_hash(struct pil_device *device, unsigned int number)
{
	device->root_alg[number] = PIL_SHA384;
	if (parse_hex(optarg, device->root_hash[number], PIL_ROOT_HASH_SIZE))
		return true;
	device->root_alg[number] = PIL_SHA256;
	return parse_hex(optarg, device->root_hash[number], PIL_ROOT_SHA256_SIZE);
}

static int take_root(const struct command *cmd, struct questions *q, bool is_hash)
{
	const unsigned int number = q->device.root_count;
	X509 *cert = NULL;
	bool ok = false;

	if (number == PIL_MAX_ROOTS)
		return command_usage_error(cmd, "more than %u roots", PIL_MAX_ROOTS);
	if (is_hash && !take_root_hash(&q->device, number))
		return command_usage_error(
			cmd, "--root-hash takes %u hexadecimal digits (SHA-384) or %u (SHA-256), not '%s'",
			2 * PIL_ROOT_HASH_SIZE, 2 * PIL_ROOT_SHA256_SIZE, optarg);
	if (!is_hash) {
		cert = pki_read_cert(optarg);
		ok = cert && pki_cert_hash(cert, q->device.root_hash[number]);
		X509_free(cert);
		if (!ok)
			return STATUS_TROUBLE;
	}
	q->device.root_active |= 1u << number;
	q->device.root_count++;
	q->root = true;
	return STATUS_OK;
}

static int take_key(struct container_questions *q)
{
	EVP_PKEY *key = public_key_read(optarg);
	int size = 0;

	OPENSSL_free(q->key);
	q->key = NULL;
	size = key ? i2d_PUBKEY(key, &q->key) : 0;
	q->key_size = size > 0 ? (size_t)size : 0;
	if (key && !q->key_size)
		pki_complain(optarg, "the public key has no DER form");
	EVP_PKEY_free(key);
	return q->key_size ? STATUS_OK : STATUS_TROUBLE;
}

/* what is asked of containers */
static int take_container(const struct command *cmd, struct container_questions *q, int c)
{
	switch (c) {
	case 'k':
		return take_key(q);
	case 'K':
		q->use_key_hash = parse_hex(optarg, q->key_hash, sizeof(q->key_hash));
		return q->use_key_hash
			       ? STATUS_OK
			       : command_usage_error(cmd, "--key-hash takes %u hexadecimal digits (SHA-384), not '%s'",
						     2 * PIL_KEY_HASH_SIZE, optarg);
	case 'p':
		return take_word(cmd, "processor", &q->processor_id, &q->processor);
	case 'v':
		return take_word(cmd, "min-version", &q->least_version, &q->version);
	default:
		q->strict = true;
		return STATUS_OK;
	}
}

static int take_crypto(const struct command *cmd, struct options *opt)
{
	opt->crypto = crypto_by_name(optarg);
	if (!opt->crypto)
		return command_usage_error(cmd, "--crypto takes openssl or mbedtls, not '%s'", optarg);
	return STATUS_OK;
}

static int take_jobs(const struct command *cmd, struct options *opt)
{
	uint64_t value = 0;

	if (!parse_number(optarg, PARALLEL_MAX, &value) || !value)
		return command_usage_error(cmd, "--jobs takes a number from 1 to %u, not '%s'", PARALLEL_MAX, optarg);
	opt->jobs = (unsigned int)value;
	return STATUS_OK;
}

static unsigned int cpus(void)
{
	const long count = sysconf(_SC_NPROCESSORS_ONLN);

	if (count < 1)
		return 1;
	return count > (long)PARALLEL_MAX ? PARALLEL_MAX : (unsigned int)count;
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
	case 'k':
	case 'K':
	case 'p':
	case 'v':
	case 'S':
		return take_container(cmd, &opt->container, c);
	case 'c':
		return take_crypto(cmd, opt);
	case 'J':
		return take_jobs(cmd, opt);
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
		{ "key", required_argument, NULL, 'k' },
		{ "key-hash", required_argument, NULL, 'K' },
		{ "processor", required_argument, NULL, 'p' },
		{ "min-version", required_argument, NULL, 'v' },
		{ "strict", no_argument, NULL, 'S' },
		{ "jobs", required_argument, NULL, 'J' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	/* debugging is asked about only with fuses */
	struct options opt = {
		.crypto = &pil_crypto_openssl,
		.jobs = cpus(),
		.q.device.debug = PIL_DEBUG_IMAGE,
	};
	int status = STATUS_OK;
	int c = 0;

	while (!status && (c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (c == 'h') {
			OPENSSL_free(opt.container.key);
			return command_help(cmd);
		}
		status = take_option(cmd, &opt, c);
	}
	if (!status && opt.fuses)
		status = take_fuses(cmd, &opt);
	if (!status && optind == argc)
		status = command_usage_error(cmd, "FILE is missing (a file, or a directory)");
	if (!status) {
		opt.crypto = crypto_remembering(opt.crypto);
		status = verify_names(&opt, argv + optind, argc - optind);
	}
	OPENSSL_free(opt.container.key);
	return status;
}

const struct command command_image_verify = {
	"image",
	"verify",
	"check whether images are genuine, and for this device",
	"[--root FILE]... [--root-hash HEX]... [--fuses FILE] [--soc N] [--oem N]\n"
	"       [--model N] [--jtag N] [--serial N] [--sw-id N] [--key FILE] [--key-hash HEX]\n"
	"       [--processor N] [--min-version N] [--strict] [--jobs N] [--crypto NAME] [--json]\n"
	"       FILE... | DIR...",
	help,
	run,
};
