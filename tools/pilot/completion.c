/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pilot completion bash, pilot completion zsh: what a shell needs to complete command lines. Both are made from the
 * command table; options are read from the help texts, so that nothing can be forgotten in a second list.
 */
#include <getopt.h>
#include <string.h>

#include "pilot.h"

#define HELP(shell, where)                                                                                             \
	"Prints a completion script for " shell ".\n"                                                                  \
	"\n"                                                                                                           \
	"options:\n"                                                                                                   \
	"  -h, --help  this text\n"                                                                                    \
	"\n"                                                                                                           \
	"example:\n"                                                                                                   \
	"  " where "\n"                                                                                                \
	"\n"                                                                                                           \
	"exit status: 0 printed; 2 usage\n"

/** struct described - one option as a help text has it: "  -o, --output FILE  where to" */
struct described {
	char name[32];
	char argument[32];
	char text[96];
};

/* reads the word at @from up to a blank into @to; returns what is behind it */
static const char *word(const char *from, char *to, size_t size)
{
	size_t length = strcspn(from, " \n");

	snprintf(to, size, "%.*s", (int)length, from);
	return from + length;
}

/* one line of a help text; false when it describes no option */
static bool read_option(const char *line, struct described *option)
{
	const char *at = line + strspn(line, " ");

	*option = (struct described){ 0 };
	if (at == line || at > line + 6)
		return false;
	if (at[0] == '-' && at[1] != '-' && at[2] == ',')
		at += 4;
	if (strncmp(at, "--", 2))
		return false;
	at = word(at, option->name, sizeof(option->name));
	if (at[0] == ' ' && at[1] != ' ')
		at = word(at + 1, option->argument, sizeof(option->argument));
	at += strspn(at, " ");
	/* a name that is too long for its column has its text on the next line */
	if (*at == '\n')
		at += 1 + strspn(at + 1, " ");
	snprintf(option->text, sizeof(option->text), "%.*s", (int)strcspn(at, "\n"), at);
	return true;
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : line + strlen(line);
}

static bool takes_file(const struct described *option)
{
	static const char *const words[] = { "FILE", "DIR", "MD", "DTB", "DTBO" };
	size_t i = 0;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(option->argument, words[i]))
			return true;
	return false;
}

static void bash_options(const struct command *cmd)
{
	struct described option = { 0 };
	const char *line = NULL;

	/* where the group is the command, anything may follow it */
	printf("\t'%s %s'%s) options='", cmd->group, cmd->name, *cmd->name ? "" : "*");
	for (line = cmd->help; *line; line = next_line(line))
		if (read_option(line, &option))
			printf("%s ", option.name);
	printf("'; plain='");
	for (line = cmd->help; *line; line = next_line(line))
		if (read_option(line, &option) && *option.argument && !takes_file(&option))
			printf("%s ", option.name);
	printf("' ;;\n");
}

/* the words that may follow @group; all groups when it is NULL */
static void words(const char *group)
{
	const struct command *cmd = NULL;
	const char *before = "";
	size_t i = 0;

	for (i = 0; (cmd = command_at(i)); i++) {
		if (group && !strcmp(cmd->group, group))
			printf("%s ", cmd->name);
		if (!group && strcmp(cmd->group, before))
			printf("%s ", cmd->group);
		before = cmd->group;
	}
}

static void each_group(void (*print)(const char *group))
{
	const struct command *cmd = NULL;
	const char *before = "";
	size_t i = 0;

	for (i = 0; (cmd = command_at(i)); i++) {
		if (strcmp(cmd->group, before))
			print(cmd->group);
		before = cmd->group;
	}
}

static bool is_command(const char *group)
{
	const struct command *cmd = NULL;
	size_t i = 0;

	for (i = 0; (cmd = command_at(i)); i++)
		if (!strcmp(cmd->group, group) && !*cmd->name)
			return true;
	return false;
}

static void bash_group(const char *group)
{
	if (is_command(group))
		return;
	printf("\t%s) found='", group);
	words(group);
	printf("--help' ;;\n");
}

static void print_bash(void)
{
	const struct command *cmd = NULL;
	size_t i = 0;

	printf("# bash completion for pilot, printed by 'pilot completion bash'\n"
	       "_pilot() {\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	       "\tlocal found= options= plain=\n"
	       "\tCOMPREPLY=()\n"
	       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	       "\t\tCOMPREPLY=($(compgen -W '");
	words(NULL);
	printf("--help --version' -- \"$word\"))\n\t\treturn\n\tfi\n"
	       "\tif [ \"$COMP_CWORD\" -eq 2 ]; then\n\t\tcase ${COMP_WORDS[1]} in\n");
	each_group(bash_group);
	printf("\t\tesac\n\t\tif [ -n \"$found\" ]; then\n"
	       "\t\t\tCOMPREPLY=($(compgen -W \"$found\" -- \"$word\"))\n\t\t\treturn\n\t\tfi\n\tfi\n"
	       "\tcase \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n");
	for (i = 0; (cmd = command_at(i)); i++)
		bash_options(cmd);
	printf("\tesac\n"
	       "\tcase \" $plain\" in *\" $before \"*) return ;; esac\n"
	       "\tif [ \"${word#-}\" != \"$word\" ]; then\n"
	       "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
	       "\telse\n"
	       "\t\tcompopt -o filenames 2>/dev/null\n"
	       "\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n"
	       "\tfi\n"
	       "}\n"
	       "complete -F _pilot pilot\n");
}

/* text inside of single quotes and of _arguments' brackets */
static void zsh_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			printf("'\\''");
		else if (strchr("[]:\\", *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

static void zsh_options(const struct command *cmd)
{
	struct described option = { 0 };
	const char *line = NULL;

	printf("\t'%s %s')\n\t\t_arguments \\\n", cmd->group, cmd->name);
	for (line = cmd->help; *line; line = next_line(line)) {
		if (!read_option(line, &option))
			continue;
		printf("\t\t\t'*%s[", option.name);
		zsh_text(option.text);
		printf("]");
		if (*option.argument) {
			printf(":");
			zsh_text(option.argument);
			printf(":%s", takes_file(&option) ? "_files" : "");
		}
		printf("' \\\n");
	}
	printf("\t\t\t'*:file:_files'\n\t\t;;\n");
}

static void zsh_group(const char *group)
{
	if (is_command(group))
		return;
	printf("\t\t%s) compadd ", group);
	words(group);
	printf("--help; return ;;\n");
}

/* the second word of a command is none of its arguments */
static void zsh_shift(const char *group)
{
	if (!is_command(group))
		printf("\t'%s ') command+=$words[2]; shift words; (( CURRENT -= 1 )) ;;\n", group);
}

static void print_zsh(void)
{
	const struct command *cmd = NULL;
	size_t i = 0;

	printf("#compdef pilot\n"
	       "# zsh completion for pilot, printed by 'pilot completion zsh'\n"
	       "_pilot() {\n"
	       "\tif (( CURRENT == 2 )); then\n\t\tcompadd ");
	words(NULL);
	printf("--help --version\n\t\treturn\n\tfi\n"
	       "\tif (( CURRENT == 3 )); then\n\t\tcase $words[2] in\n");
	each_group(zsh_group);
	printf("\t\tesac\n\tfi\n"
	       "\tlocal command=\"$words[2] \"\n"
	       "\tshift words\n"
	       "\t(( CURRENT -= 1 ))\n"
	       "\tcase $command in\n");
	each_group(zsh_shift);
	printf("\tesac\n"
	       "\tcase $command in\n");
	for (i = 0; (cmd = command_at(i)); i++)
		zsh_options(cmd);
	printf("\tesac\n"
	       "}\n"
	       "_pilot \"$@\"\n");
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option table[] = {
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c = getopt_long(argc, argv, "h", table, NULL);

	if (c == 'h')
		return command_help(cmd);
	if (c != -1)
		return command_usage_error(cmd, NULL);
	if (optind != argc)
		return command_usage_error(cmd, "takes no arguments");
	if (cmd == &command_completion_bash)
		print_bash();
	else
		print_zsh();
	return STATUS_OK;
}

const struct command command_completion_bash = {
	"completion", "bash", "print completions for bash", "", HELP("bash", ". <(pilot completion bash)"), run,
};

const struct command command_completion_zsh = {
	"completion", "zsh", "print completions for zsh", "", HELP("zsh", "pilot completion zsh >~/.zfunc/_pilot"), run,
};
