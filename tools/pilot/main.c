/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot: signed firmware images for remote processors. One table of commands; each has a file of its own. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "pilot.h"

static const struct command *const commands[] = {
	&command_image_show, &command_image_verify, &command_image_sign,      &command_image_split,
	&command_image_join, &command_image_plan,   &command_image_diff,      &command_image_metadata,
	&command_rsc_show,   &command_rsc_build,    &command_keys_new,	      &command_fuses_new,
	&command_fuses_show, &command_board_show,   &command_board_check,     &command_board_streams,
	&command_board_draw, &command_explain,	    &command_trace_show,      &command_trace_export,
	&command_report,     &command_dump_show,    &command_completion_bash, &command_completion_zsh,
};

struct group {
	const char *name;
	const char *summary;
};

static const struct group groups[] = {
	{ "image", "signed firmware images: read, check, sign" },
	{ "rsc", "resource tables: what a firmware needs of its host" },
	{ "keys", "keys and certificates to sign with" },
	{ "fuses", "fuse blocks: what a device is and which roots it trusts" },
	{ "board", "device trees: what a board has, and whether it is in order" },
	{ "report", "a run as a page for a browser" },
	{ "trace", "what the firmware did, and when" },
	{ "dump", "core files of crashed remote processors" },
	{ "explain", "what a kernel's log says, and what to do about it" },
	{ "completion", "completions of command lines for shells" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct command *command_at(size_t index)
{
	return index < COUNT(commands) ? commands[index] : NULL;
}

#define NAME_SIZE  64
#define NAME_WIDTH 24 /* columns of a command's name in a list, with the blanks around it */

/* "pilot GROUP NAME" */
static char *full_name(const struct command *cmd, char name[NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "pilot %s%s%s", cmd->group, *cmd->name ? " " : "", cmd->name);
	return name;
}

#define SUMMARY_LEAST 30 /* columns; a summary that would have fewer goes below its command */

static void list_commands(FILE *to, const char *group)
{
	bool beside = text_width() >= NAME_WIDTH + SUMMARY_LEAST;
	char name[NAME_SIZE] = "";
	size_t i = 0;

	for (i = 0; i < COUNT(commands); i++) {
		if (group && strcmp(commands[i]->group, group))
			continue;
		fprintf(to, beside ? "  %-*s " : "  %.*s\n      ", NAME_WIDTH - 3, full_name(commands[i], name));
		text_wrap_at(to, beside ? NAME_WIDTH : 6, beside ? NAME_WIDTH : 6, commands[i]->summary,
			     strlen(commands[i]->summary));
	}
}

static int main_help(FILE *to, int status)
{
	help_usage(to, "pilot", "GROUP COMMAND [OPTION]... [FILE]...");
	help_text(to, "\nSigned firmware, device trees and faults of remote processors.\n\ncommands:\n");
	list_commands(to, NULL);
	help_text(to, "\n'pilot GROUP COMMAND --help' explains a command, with examples.\n"
		      "'pilot --version' says the version.\n"
		      "Exit status: 0 done, 1 refused, 2 usage, not an image, or a file that cannot be read or\n"
		      "written.\n");
	return status;
}

static int group_help(FILE *to, const struct group *group, int status)
{
	char text[NAME_SIZE + 80] = "";

	snprintf(text, sizeof(text), "pilot %s", group->name);
	help_usage(to, text, "COMMAND [OPTION]... [FILE]...");
	fputc('\n', to);
	help_text(to, group->summary);
	help_text(to, "\ncommands:\n");
	list_commands(to, group->name);
	snprintf(text, sizeof(text), "\n'pilot %s COMMAND --help' explains a command, with examples.\n", group->name);
	help_text(to, text);
	return status;
}

int command_help(const struct command *cmd)
{
	char name[NAME_SIZE] = "";

	help_usage(stdout, full_name(cmd, name), cmd->usage);
	putchar('\n');
	help_text(stdout, cmd->summary);
	putchar('\n');
	help_text(stdout, cmd->help);
	return STATUS_OK;
}

int command_usage_error(const struct command *cmd, const char *format, ...)
{
	char name[NAME_SIZE] = "";
	va_list args;

	full_name(cmd, name);
	if (format) {
		fprintf(stderr, "%s: ", name);
		va_start(args, format);
		vfprintf(stderr, format, args);
		va_end(args);
		fputc('\n', stderr);
	}
	help_usage(stderr, name, cmd->usage);
	fprintf(stderr, "'%s --help' says more.\n", name);
	return STATUS_TROUBLE;
}

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

static const struct group *find_group(const char *name)
{
	size_t i = 0;

	for (i = 0; i < COUNT(groups); i++)
		if (!strcmp(groups[i].name, name))
			return &groups[i];
	return NULL;
}

static const struct command *find_command(const char *group, const char *name)
{
	size_t i = 0;

	for (i = 0; i < COUNT(commands); i++)
		if (!strcmp(commands[i]->group, group) && !strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static int run_command(const struct command *cmd, int argc, char **argv)
{
	char name[NAME_SIZE] = "";

	/* getopt's own messages begin with it */
	argv[0] = full_name(cmd, name);
	return cmd->run(cmd, argc, argv);
}

static int run_group(const struct group *group, int argc, char **argv)
{
	const struct command *cmd = NULL;

	cmd = find_command(group->name, "");
	if (cmd)
		return run_command(cmd, argc, argv);
	if (argc < 2) {
		fprintf(stderr, "pilot %s: which command?\n", group->name);
		return group_help(stderr, group, STATUS_TROUBLE);
	}
	if (is_help(argv[1]))
		return group_help(stdout, group, STATUS_OK);
	cmd = find_command(group->name, argv[1]);
	if (!cmd) {
		fprintf(stderr, "pilot %s: there is no command '%s'\n", group->name, argv[1]);
		return group_help(stderr, group, STATUS_TROUBLE);
	}
	return run_command(cmd, argc - 1, argv + 1);
}

static int run(int argc, char **argv)
{
	const struct group *group = NULL;

	if (argc < 2) {
		fprintf(stderr, "pilot: which command?\n");
		return main_help(stderr, STATUS_TROUBLE);
	}
	if (is_help(argv[1]))
		return main_help(stdout, STATUS_OK);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("pilot %s\n", PILOT_VERSION);
		return STATUS_OK;
	}
	group = find_group(argv[1]);
	if (!group) {
		fprintf(stderr, "pilot: there is no command '%s'\n", argv[1]);
		return main_help(stderr, STATUS_TROUBLE);
	}
	return run_group(group, argc - 1, argv + 1);
}

/* a file that is opened must not become standard output because the caller had closed that */
static void fill_standard_files(void)
{
	int fd = 0;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* why what was printed did not get through; what failed first left no errno: one more line end asks again */
static const char *output_error(void)
{
	clearerr(stdout);
	errno = 0;
	if (putchar('\n') == EOF || fflush(stdout))
		return strerror(errno);
	return "a part of it was lost";
}

int main(int argc, char **argv)
{
	int status = STATUS_OK;

	fill_standard_files();
	status = run(argc, argv);
	/* a full disk or a closed pipe must not look like success */
	if (fflush(stdout) || ferror(stdout)) {
		complain(NULL, "cannot write to standard output: %s", output_error());
		return STATUS_TROUBLE;
	}
	return status;
}
