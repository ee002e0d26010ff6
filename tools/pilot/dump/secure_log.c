/* SPDX-License-Identifier: BSD-2-Clause */
/* What Pilot's secure log says about the end of a processor: the shim's words, the service's, and what became of its memory. */
#include <string.h>

#include "dump/last_words.h"

static bool tells(const char *line)
{
	static const char *const parts[] = {
		"shim: core ", "CRASH seen", "SHUTDOWN",    "AUTH_AND_RESET",	 "GET_COREDUMP",
		"scrubbed",    "watchdog",   "fatal error", "dump of the crash",
	};
	size_t i = 0;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(line, parts[i]))
			return true;
	return false;
}

static void keep(struct secure_log *log, const char *line)
{
	if (log->lines == LINES_MAX) {
		memmove(log->line[0], log->line[1], sizeof(log->line) - sizeof(log->line[0]));
		log->lines--;
		log->hidden++;
	}
	memcpy(log->line[log->lines++], line, WORDS_TEXT);
}

bool secure_log_read(struct secure_log *log, const char *path)
{
	char line[WORDS_TEXT] = "";
	struct file file = { 0 };
	size_t length = 0;
	size_t i = 0;

	*log = (struct secure_log){ 0 };
	if (!file_open(&file, path))
		return false;
	for (i = 0; i <= file.size; i++) {
		if (i < file.size && file.data[i] != '\n') {
			if (length + 1 < sizeof(line) && file.data[i] != '\r')
				line[length++] = file.data[i] >= 0x20 && file.data[i] < 0x7f ? (char)file.data[i] : '?';
			continue;
		}
		line[length] = '\0';
		if (tells(line))
			keep(log, line);
		length = 0;
		memset(line, 0, sizeof(line));
	}
	file_close(&file);
	return true;
}
