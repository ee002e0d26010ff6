/* SPDX-License-Identifier: BSD-2-Clause */
/* pilot: signed firmware images for remote processors. One table of commands; each has a file of its own. */
#include <stdarg.h>
#include <string.h>

#include "pilot.h"

static const struct command *const commands[] = {
	&command_image_show, &command_image_verify,    &command_image_sign,	&command_image_split,
	&command_image_join, &command_image_plan,      &command_image_diff,	&command_image_metadata,
	&command_rsc_show,   &command_rsc_build,       &command_keys_new,	&command_fuses_new,
	&command_fuses_show, &command_explain,	       &command_completion_bash, &command_completion_zsh,
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
	{ "explain", "what a kernel's log says, and what to do about it" },
	{ "completion", "completions of command lines for shells" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct command *command_at(size_t index)
{
	return index < COUNT(commands) ? commands[index] : NULL;
}

#define NAME_SIZE 64

/* "pilot GROUP NAME" */
static char *full_name(const struct command *cmd, char name[NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "pilot %s%s%s", cmd->group, *cmd->name ? " " : "", cmd->name);
	return name;
}

static void list_commands(FILE *to, const char *group)
{
	size_t i = 0;

	for (i = 0; i < COUNT(commands); i++)
		if (!group || !strcmp(commands[i]->group, group))
			fprintf(to, "  pilot %-9s %-8s %s\n", commands[i]->group, commands[i]->name,
				commands[i]->summary);
}

static int main_help(FILE *to, int status)
{
	fprintf(to, "usage: pilot GROUP COMMAND [OPTION]... [FILE]...\n\n"
		    "Signed firmware, device trees and faults of remote processors.\n\ncommands:\n");
	list_commands(to, NULL);
	fprintf(to, "\n'pilot GROUP COMMAND --help' explains a command, with examples.\n"
		    "'pilot --version' says the version.\n"
		    "Exit status: 0 done, 1 refused, 2 usage, not an image, or a file that cannot be read or\n"
		    "written.\n");
	return status;
}

static int group_help(FILE *to, const struct group *group, int status)
{
	fprintf(to, "usage: pilot %s COMMAND [OPTION]... [FILE]...\n\n%s\n\ncommands:\n", group->name, group->summary);
	list_commands(to, group->name);
	fprintf(to, "\n'pilot %s COMMAND --help' explains a command, with examples.\n", group->name);
	return status;
}

int command_help(const struct command *cmd)
{
	char name[NAME_SIZE] = "";

	printf("usage: %s %s\n\n%s\n\n%s", full_name(cmd, name), cmd->usage, cmd->summary, cmd->help);
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
	fprintf(stderr, "usage: %s %s\n'%s --help' says more.\n", name, cmd->usage, name);
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

int main(int argc, char **argv)
{
	int status = run(argc, argv);

	/* a full disk or a closed pipe must not look like success */
	if (fflush(stdout) || ferror(stdout)) {
		complain(NULL, "cannot write to standard output");
		return STATUS_TROUBLE;
	}
	return status;
}
