/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot explain: what a kernel's log says of remote processors, and what to do about it. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "board/tree.h"
#include "explain/explain.h"
#include "pilot.h"

static const char help[] =
	"Finds in a kernel's log what concerns remote processors, and explains it: faults of SMMUs, crashes,\n"
	"starts that failed, firmware that is missing or was refused, errors of SCM and TEE, and the lines\n"
	"of Pilot's secure world. A storm of equal faults is one paragraph. What led to what is said.\n"
	"\n"
	"LOG is the output of dmesg (also with -T), of journalctl or syslog, or of a serial console; '-' is\n"
	"standard input, which is also read without LOG when it is no terminal. Else the log of the running\n"
	"kernel is read from /dev/kmsg.\n"
	"\n"
	"options:\n"
	"  -b, --board FILE       device tree: names the owners of streams and the memory at addresses\n"
	"  -l, --overlay FILE     apply this overlay to it; can be given several times\n"
	"  -s, --secure-log FILE  a second log: what Pilot's secure world says\n"
	"      --list             print what is known, without any log\n"
	"      --json             print a JSON document; docs/schema/explain.json describes it\n"
	"  -h, --help             this text\n"
	"\n"
	"examples:\n"
	"  dmesg | pilot explain\n"
	"  pilot explain --board host.dtb --secure-log secure.log linux.log\n"
	"  pilot explain --json linux.log | jq '.faults[] | select(.role == \"fault\") | .title'\n"
	"\n"
	"exit status: 0 nothing to explain; 1 something explained; 2 usage, or a file that cannot be read.\n";

struct options {
	const char *board;
	const char *overlay[TREE_OVERLAYS];
	unsigned int overlays;
	const char *secure;
	const char *log;
	bool list;
	bool json;
};

static bool take_option(const struct command *cmd, int c, struct options *o, int *status)
{
	switch (c) {
	case 'b':
		o->board = optarg;
		return true;
	case 'l':
		if (o->overlays == TREE_OVERLAYS) {
			*status = command_usage_error(cmd, "more than %u overlays", TREE_OVERLAYS);
			return false;
		}
		o->overlay[o->overlays++] = optarg;
		return true;
	case 's':
		o->secure = optarg;
		return true;
	case 'L':
		o->list = true;
		return true;
	case 'j':
		o->json = true;
		return true;
	default:
		*status = c == 'h' ? command_help(cmd) : command_usage_error(cmd, NULL);
		return false;
	}
}

static bool read_options(const struct command *cmd, int argc, char **argv, struct options *o, int *status)
{
	static const struct option table[] = {
		{ "board", required_argument, NULL, 'b' },
		{ "overlay", required_argument, NULL, 'l' },
		{ "secure-log", required_argument, NULL, 's' },
		{ "list", no_argument, NULL, 'L' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c = 0;

	while ((c = getopt_long(argc, argv, "b:l:s:h", table, NULL)) != -1)
		if (!take_option(cmd, c, o, status))
			return false;
	if (argc - optind > 1) {
		*status = command_usage_error(cmd, "one LOG, not %d", argc - optind);
		return false;
	}
	if (o->overlays && !o->board) {
		*status = command_usage_error(cmd, "--overlay without --board");
		return false;
	}
	o->log = optind < argc ? argv[optind] : NULL;
	return true;
}

static bool read_file(struct explain *x, const char *path)
{
	unsigned int source = x->sources;
	FILE *in = fopen(path, "rb");
	struct stat st = { 0 };
	bool good = false;

	if (!in || fstat(fileno(in), &st) || S_ISDIR(st.st_mode)) {
		complain(path, "%s", in ? "a directory, not a log" : file_error(errno));
		if (in)
			fclose(in);
		return false;
	}
	x->source_name[x->sources++] = path;
	good = source_read(x, source, in);
	fclose(in);
	return good;
}

static bool read_stdin(struct explain *x)
{
	x->source_name[x->sources] = "standard input";
	return source_read(x, x->sources++, stdin);
}

/* records of the running kernel, one in each read(); EPIPE: some were overwritten meanwhile */
static bool read_kernel(struct explain *x)
{
	static const char path[] = "/dev/kmsg";
	char record[EXPLAIN_LINE] = "";
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	unsigned int source = x->sources;
	ssize_t got = 0;

	if (fd < 0) {
		complain(path, "%s; give a LOG, or try 'sudo dmesg | pilot explain'", file_error(errno));
		return false;
	}
	fprintf(stderr, "pilot: reading the log of the running kernel from %s\n", path);
	x->source_name[x->sources++] = path;
	while ((got = read(fd, record, sizeof(record))) > 0 || (got < 0 && (errno == EPIPE || errno == EINTR))) {
		char *end = got > 0 ? memchr(record, '\n', (size_t)got) : NULL;

		if (got < 0)
			continue;
		x->lines[source]++;
		/* behind the line end come properties of the device */
		explain_line(x, source, record, end ? (size_t)(end - record) : (size_t)got);
	}
	if (got < 0 && errno != EAGAIN)
		complain(path, "%s", file_error(errno));
	else
		errno = 0;
	close(fd);
	return got == 0 || !errno;
}

static bool read_logs(struct explain *x, const struct options *o)
{
	bool from_stdin = o->log ? !strcmp(o->log, "-") : !isatty(STDIN_FILENO);

	if (from_stdin ? !read_stdin(x) : o->log ? !read_file(x, o->log) : !o->secure && !read_kernel(x))
		return false;
	return !o->secure || read_file(x, o->secure);
}

static int explain(struct explain *x, const struct options *o)
{
	int status = STATUS_OK;

	if (!read_logs(x, o))
		return STATUS_TROUBLE;
	relate_end(x);
	status = fault_paragraphs(x) ? STATUS_REFUSED : STATUS_OK;
	if (o->json)
		return json_finish(explain_json(x), status);
	explain_print(x);
	return status;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct options o = { 0 };
	struct explain x = { 0 };
	struct explain_board *board = NULL;
	int status = STATUS_OK;

	if (!read_options(cmd, argc, argv, &o, &status))
		return status;
	if (o.list && o.json)
		return json_finish(explain_list_json(), STATUS_OK);
	if (o.list) {
		explain_list();
		return STATUS_OK;
	}
	board = o.board ? explain_board_open(o.board, o.overlay, o.overlays) : NULL;
	if (o.board && !board)
		return STATUS_TROUBLE;
	x.board = board;
	if (explain_begin(&x)) {
		status = explain(&x, &o);
	} else {
		complain(NULL, "no memory for the table of messages");
		status = STATUS_TROUBLE;
	}
	explain_end(&x);
	explain_board_close(board);
	return status;
}

const struct command command_explain = {
	"explain",
	"",
	"explain faults in a kernel's log, and in Pilot's secure log",
	"[--board FILE] [--overlay FILE]... [--secure-log FILE] [--list] [--json] [LOG]",
	help,
	run,
};
