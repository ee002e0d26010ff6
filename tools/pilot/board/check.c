/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot board check: the command. */
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>

#include <pilot/fuses.h>

#include "board/board.h"
#include "board/check.h"
#include "image/verify.h"
#include "image/image_info.h"
#include "keys/pki.h"

static const char help[] =
	"Says what in a device tree (.dtb, or .dts through dtc) keeps a remote processor from starting,\n"
	"lets it reach what it should not, or clashes with another one: carve-outs, streams,\n"
	"interrupts, mailboxes, ids. Each finding has its node, the value, why it matters and what to\n"
	"change. pilot-board-check(1) has a paragraph on every rule.\n"
	"\n"
	"The arrangement says who is at EL2: owner, the host itself, which owns the IOMMU; guest, a\n"
	"hypervisor; tee, the processors' service is on the TEE bus. Without --arrangement the tree\n"
	"itself decides: what has streams of PAS processors was made for a host at EL2.\n"
	"\n"
	"options:\n"
	"      --arrangement NAME  owner, guest or tee\n"
	"      --overlay FILE      lay an overlay (.dtbo, .dtso) over the tree first; may be repeated\n"
	"      --firmware DIR      look at the named firmware, too: does it exist, fit its carve-out,\n"
	"                          is it genuine\n"
	"      --root FILE         root certificate that is trusted, PEM or DER; up to 4 times\n"
	"      --fuses FILE        fuse block with roots and identity of the device\n"
	"      --rules             print all rules instead; takes no DTB\n"
	"      --json              print a JSON document; pilot-board-check(1) lists the keys\n"
	"  -h, --help              this text\n"
	"\n"
	"examples:\n"
	"  pilot board check lemans-evk-el2.dtb\n"
	"  pilot board check --arrangement owner base.dtb --overlay el2.dtbo\n"
	"  pilot board check --firmware /lib/firmware --root keys/root.crt board.dts\n"
	"  pilot board check --json board.dtb | jq -r '.findings[] | .rule + \" \" + .node'\n"
	"\n"
	"exit status: 0 nothing but notes was found; 1 an error or a warning was; 2 usage, or a file\n"
	"that cannot be read.\n";

struct options {
	struct board board;
	unsigned int arrangement;
	const char *firmware;
	const char *fuses;
	struct questions questions;
	bool rules;
	bool json;
};

static int take_arrangement(const struct command *cmd, struct options *opt)
{
	static const enum arrangement all[] = { ARRANGEMENT_OWNER, ARRANGEMENT_GUEST, ARRANGEMENT_TEE };
	unsigned int i = 0;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(optarg, arrangement_name(all[i])))
			opt->arrangement = all[i];
	if (strcmp(optarg, opt->arrangement ? arrangement_name(opt->arrangement) : ""))
		return command_usage_error(cmd, "--arrangement is owner, guest or tee, not '%s'", optarg);
	return STATUS_OK;
}

static int take_root(const struct command *cmd, struct questions *q)
{
	const unsigned int number = q->device.root_count;
	X509 *cert = NULL;
	bool ok = false;

	if (number == PIL_MAX_ROOTS)
		return command_usage_error(cmd, "more than %u roots", PIL_MAX_ROOTS);
	cert = pki_read_cert(optarg);
	ok = cert && pki_cert_hash(cert, q->device.root_hash[number]);
	X509_free(cert);
	if (!ok)
		return STATUS_TROUBLE;
	q->device.root_alg[number] = PIL_SHA384;
	q->device.root_active |= 1u << number;
	q->device.root_count++;
	q->root = true;
	return STATUS_OK;
}

static int take_fuses(struct options *opt)
{
	struct questions *q = &opt->questions;
	struct pil_why why = { 0 };
	struct file file = { 0 };
	int failed = 0;

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

static int take(const struct command *cmd, struct options *opt, int option)
{
	switch (option) {
	case 'a':
		return take_arrangement(cmd, opt);
	case 'o':
		return board_overlay(&opt->board, optarg) ? STATUS_OK : STATUS_TROUBLE;
	case 'f':
		opt->firmware = optarg;
		return STATUS_OK;
	case 'r':
		return take_root(cmd, &opt->questions);
	case 'F':
		opt->fuses = optarg;
		return STATUS_OK;
	case 'R':
		opt->rules = true;
		return STATUS_OK;
	case 'j':
		opt->json = true;
		return STATUS_OK;
	default:
		return command_usage_error(cmd, NULL);
	}
}

/* options that make no sense together */
static int agree(const struct command *cmd, const struct options *opt, int names)
{
	struct stat st = { 0 };

	if (opt->rules && names)
		return command_usage_error(cmd, "--rules takes no DTB");
	if (!opt->rules && names != 1)
		return command_usage_error(cmd, names ? "more than one DTB" : "DTB is missing");
	if (!opt->firmware && (opt->fuses || opt->questions.root))
		return command_usage_error(cmd, "--root and --fuses are about what --firmware finds");
	if (opt->fuses && opt->questions.root)
		return command_usage_error(cmd, "--fuses says the roots already; give one or the other");
	if (opt->firmware && (stat(opt->firmware, &st) || !S_ISDIR(st.st_mode))) {
		complain(opt->firmware, "is no directory");
		return STATUS_TROUBLE;
	}
	return STATUS_OK;
}

static int check_model(const struct options *opt)
{
	const char *why = "asked for";
	struct check c = {
		.model = &opt->board.model,
		.tree = &opt->board.tree,
		.firmware = opt->firmware,
		.questions = &opt->questions,
		.crypto = crypto_by_name("openssl"),
	};
	int status = STATUS_OK;

	c.arrangement = opt->arrangement ? opt->arrangement : check_arrangement(c.model, &why);
	check_board(&c);
	if (check_count(&c, SEVERITY_ERROR) || check_count(&c, SEVERITY_WARNING))
		status = STATUS_REFUSED;
	if (opt->json)
		status = json_finish(check_json(&c, why), status);
	else
		check_print(&c, why);
	check_free(&c);
	return status;
}

static int check_file(struct options *opt, const char *path)
{
	int status = STATUS_OK;

	if (!board_load(&opt->board, path))
		return STATUS_TROUBLE;
	status = check_model(opt);
	board_release(&opt->board);
	return status;
}

static int print_rules(const struct options *opt)
{
	if (opt->json)
		return json_finish(check_rules_json(), STATUS_OK);
	check_print_rules();
	return STATUS_OK;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "arrangement", required_argument, NULL, 'a' },
		{ "overlay", required_argument, NULL, 'o' },
		{ "firmware", required_argument, NULL, 'f' },
		{ "root", required_argument, NULL, 'r' },
		{ "fuses", required_argument, NULL, 'F' },
		{ "rules", no_argument, NULL, 'R' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct options opt = { 0 };
	int status = STATUS_OK;
	int option = 0;

	while (!status && (option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		if (option == 'h')
			return command_help(cmd);
		status = take(cmd, &opt, option);
	}
	if (!status)
		status = agree(cmd, &opt, argc - optind);
	if (!status && opt.fuses)
		status = take_fuses(&opt);
	if (status)
		return status;
	return opt.rules ? print_rules(&opt) : check_file(&opt, argv[optind]);
}

const struct command command_board_check = {
	"board",
	"check",
	"say what is wrong in a device tree for remote processors",
	"[--arrangement NAME] [--overlay FILE]... [--firmware DIR] [--root FILE]...\n"
	"       [--fuses FILE] [--json] DTB | --rules",
	help,
	run,
};
