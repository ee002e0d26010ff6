/* SPDX-License-Identifier: BSD-2-Clause */
/* What 'pilot image sign' is asked: a profile first, then the command line, which has the last word. */
#include <getopt.h>
#include <string.h>

#include "sign/sign.h"

/** struct reader - where options go, whoever brings them */
struct reader {
	const struct command *cmd;
	struct sign_options *opt;
	const char *profile;
	char *value;
};

static int wrong(const struct reader *r, const char *option, const char *takes)
{
	return command_usage_error(r->cmd, "--%s takes %s, not '%s'", option, takes, r->value);
}

static int take_word(const struct reader *r, const char *option, uint32_t *word, bool *given)
{
	uint64_t value = 0;

	if (!parse_number(r->value, UINT32_MAX, &value))
		return wrong(r, option, "a number below 2^32");
	*word = (uint32_t)value;
	*given = true;
	return STATUS_OK;
}

/* a number, or "any": then *@used stays false */
static int take_id(const struct reader *r, const char *option, uint32_t *word, bool *used, bool *given)
{
	*given = true;
	*word = 0;
	*used = false;
	return strcmp(r->value, "any") ? take_word(r, option, word, used) : STATUS_OK;
}

/* numbers that are not 0, which ends the list in the image, or "any"; returns how many, or -1 */
static int take_list(const struct reader *r, uint64_t *list, unsigned int limit)
{
	unsigned int count = 0;
	unsigned int i = 0;

	if (!strcmp(r->value, "any"))
		return 0;
	count = parse_list(r->value, UINT32_MAX, list, limit);
	for (i = 0; i < count; i++)
		if (!list[i])
			return -1;
	return count ? (int)count : -1;
}

static int take_socs(const struct reader *r)
{
	struct pil_mbn_binding *b = &r->opt->want.binding;
	uint64_t list[PIL_MBN_SOC_VERS] = { 0 };
	int count = take_list(r, list, PIL_MBN_SOC_VERS);
	unsigned int i = 0;

	if (count < 0)
		return wrong(r, "soc", "1 to 12 numbers from 1 to 2^32-1, or any");
	for (i = 0; i < PIL_MBN_SOC_VERS; i++)
		b->soc_vers[i] = (uint32_t)list[i];
	b->use_soc = count > 0;
	r->opt->want.soc = true;
	return STATUS_OK;
}

static int take_serials(const struct reader *r)
{
	struct pil_mbn_binding *b = &r->opt->want.binding;
	int count = 0;

	memset(b->serials, 0, sizeof(b->serials));
	count = take_list(r, b->serials, PIL_MBN_SERIALS);
	if (count < 0)
		return wrong(r, "serial", "1 to 8 numbers from 1 to 2^32-1, or any");
	b->use_serial = count > 0;
	r->opt->want.serial = true;
	return STATUS_OK;
}

static int take_version(const struct reader *r)
{
	uint64_t value = 0;

	r->opt->writer = parse_number(r->value, UINT32_MAX, &value) ? mbn_writer_find(value) : NULL;
	return r->opt->writer ? STATUS_OK : wrong(r, "version", "3, 5, 6, 7 or 8");
}

static int take_format(const struct reader *r)
{
	static const char *const names[] = { [SIGN_FORMAT_MBN] = "mbn", [SIGN_FORMAT_CONTAINER] = "container" };
	unsigned int i = 0;

	for (i = SIGN_FORMAT_MBN; i <= SIGN_FORMAT_CONTAINER; i++) {
		if (!strcmp(r->value, names[i])) {
			r->opt->format = (enum sign_format)i;
			return STATUS_OK;
		}
	}
	return wrong(r, "format", "mbn or container");
}

static int take_hash(const struct reader *r)
{
	r->opt->alg = PIL_HASH_NONE;
	if (!strcmp(r->value, "sha256"))
		r->opt->alg = PIL_SHA256;
	if (!strcmp(r->value, "sha384"))
		r->opt->alg = PIL_SHA384;
	return r->opt->alg ? STATUS_OK : wrong(r, "hash", "sha256 or sha384");
}

static int take_choice(const struct reader *r, const char *option, enum mbn_option *value, bool *given)
{
	uint32_t i = 0;

	while (i < MBN_OPTIONS && strcmp(r->value, mbn_option_name(i)))
		i++;
	if (i == MBN_OPTIONS)
		return wrong(r, option, "nop, disable or enable");
	*value = (enum mbn_option)i;
	*given = true;
	return STATUS_OK;
}

/* the root that signs, or any */
static int take_oem_root(const struct reader *r)
{
	if (strcmp(r->value, "own") && strcmp(r->value, "any"))
		return wrong(r, "oem-root", "own or any");
	r->opt->want.oem_root = true;
	r->opt->want.binding.use_oem_root = !strcmp(r->value, "own");
	return STATUS_OK;
}

/* an option without argument; in a profile it has one, true or false */
static int take_flag(const struct reader *r, const char *option, bool *flag)
{
	if (r->value && strcmp(r->value, "true") && strcmp(r->value, "false"))
		return wrong(r, option, "true or false");
	*flag = !r->value || !strcmp(r->value, "true");
	return STATUS_OK;
}

static int take_binding(struct reader *r, int c)
{
	struct mbn_request *want = &r->opt->want;
	struct pil_mbn_binding *b = &want->binding;

	switch (c) {
	case 's':
		return take_socs(r);
	case 'e':
		return take_id(r, "oem", &b->oem_id, &b->use_oem, &want->oem);
	case 'm':
		return take_id(r, "model", &b->model_id, &b->use_model, &want->model);
	case 'w':
		return take_word(r, "sw-id", &b->sw_id, &want->sw_id);
	case 'a':
		return take_word(r, "anti-rollback", &b->anti_rollback, &want->anti_rollback);
	case 'n':
		return take_serials(r);
	case 't':
		return take_id(r, "jtag", &b->jtag_id, &b->use_jtag, &want->jtag);
	case 'd':
		return take_choice(r, "debug", &want->debug_option, &want->debug);
	case 'V':
		return take_choice(r, "root-revoke", &want->root_option, &want->root_revoke);
	case 'O':
		return take_oem_root(r);
	case 'T':
		want->transfer_root = true;
		return take_flag(r, "transfer-root", &b->transfer_root);
	default:
		return command_usage_error(r->cmd, NULL);
	}
}

static int take_option(struct reader *r, int c)
{
	struct sign_options *opt = r->opt;

	switch (c) {
	case 'o':
		opt->output = r->value;
		return STATUS_OK;
	case 'k':
		opt->keys = r->value;
		return STATUS_OK;
	case 'P':
		opt->passphrase_file = r->value;
		return STATUS_OK;
	case 'C':
		opt->command = r->value;
		return STATUS_OK;
	case 'K':
		opt->key = r->value;
		return STATUS_OK;
	case 'F':
		return take_format(r);
	case 'M':
		opt->manifest = r->value;
		return STATUS_OK;
	case 'r':
		return take_word(r, "processor", &opt->processor_id, &opt->processor);
	case 'v':
		return take_version(r);
	case 'H':
		return take_hash(r);
	case '3':
		return take_flag(r, "elf32", &opt->elf32);
	case 'f':
		return take_flag(r, "fixed", &opt->fixed);
	case 'R':
		return take_flag(r, "recursive", &opt->recursive);
	case 'j':
		return take_flag(r, "json", &opt->json);
	default:
		return take_binding(r, c);
	}
}

static const struct option table[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "keys", required_argument, NULL, 'k' },
	{ "key", required_argument, NULL, 'K' },
	{ "format", required_argument, NULL, 'F' },
	{ "processor", required_argument, NULL, 'r' },
	{ "passphrase-file", required_argument, NULL, 'P' },
	{ "sign-with", required_argument, NULL, 'C' },
	{ "version", required_argument, NULL, 'v' },
	{ "hash", required_argument, NULL, 'H' },
	{ "soc", required_argument, NULL, 's' },
	{ "oem", required_argument, NULL, 'e' },
	{ "model", required_argument, NULL, 'm' },
	{ "sw-id", required_argument, NULL, 'w' },
	{ "anti-rollback", required_argument, NULL, 'a' },
	{ "serial", required_argument, NULL, 'n' },
	{ "jtag", required_argument, NULL, 't' },
	{ "debug", required_argument, NULL, 'd' },
	{ "root-revoke", required_argument, NULL, 'V' },
	{ "oem-root", required_argument, NULL, 'O' },
	{ "transfer-root", required_argument, NULL, 'T' },
	{ "elf32", no_argument, NULL, '3' },
	{ "fixed", no_argument, NULL, 'f' },
	{ "recursive", no_argument, NULL, 'R' },
	{ "manifest", required_argument, NULL, 'M' },
	{ "profile", required_argument, NULL, 'p' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* a key of a profile is an option without its hyphens */
static int take_key(void *context, const char *key, char *value)
{
	struct reader *r = context;
	const struct option *option = table;

	while (option->name && strcmp(option->name, key))
		option++;
	if (!option->name || option->val == 'p' || option->val == 'h') {
		complain(r->profile, "there is no key '%s'", key);
		return STATUS_TROUBLE;
	}
	r->value = value;
	return take_option(r, option->val);
}

/* once for the profile's name, once for everything else */
static int scan(struct reader *r, int argc, char **argv, bool want_profile)
{
	int status = STATUS_OK;
	int c = 0;

	optind = 0;
	opterr = !want_profile;
	while (!status && (c = getopt_long(argc, argv, "o:h", table, NULL)) != -1) {
		r->value = optarg;
		if (c == 'h')
			return -1;
		if (want_profile && c == 'p')
			r->profile = optarg;
		else if (!want_profile && c != 'p')
			status = take_option(r, c);
	}
	return status;
}

int sign_options_read(const struct command *cmd, struct sign_options *opt, int argc, char **argv)
{
	struct reader r = { .cmd = cmd, .opt = opt };
	int status = scan(&r, argc, argv, true);

	if (!status && r.profile)
		status = profile_read(r.profile, take_key, &r);
	return status ? status : scan(&r, argc, argv, false);
}
