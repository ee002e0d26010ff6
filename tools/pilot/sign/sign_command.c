/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signing by a command: a token, a signing service. It gets the digest on standard input (a file without a name, so that
 * nobody can be killed by a pipe that is not read) and writes the signature to standard output.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pilot.h"
#include "sign/signer.h"

static void run_child(const char *command, enum scheme scheme, const char *digits, int in, int out)
{
	if (setenv("PILOT_SIGN_SCHEME", scheme_name(scheme), 1) || setenv("PILOT_SIGN_DIGEST", digits, 1) ||
	    dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(126);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* everything that comes, of which @limit bytes are kept; returns how many came */
static size_t read_all(int fd, uint8_t *data, size_t limit)
{
	uint8_t rest[256];
	size_t size = 0;

	for (;;) {
		uint8_t *to = size < limit ? data + size : rest;
		ssize_t done = read(fd, to, size < limit ? limit - size : sizeof(rest));

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return size;
		size += (size_t)done;
	}
}

static bool ended_well(const char *command, pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	if (WIFEXITED(status))
		complain(command, "ended with status %d", WEXITSTATUS(status));
	else
		complain(command, "was ended by signal %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return false;
}

static bool start(const char *command, enum scheme scheme, const char *digits, FILE *in, int *from, pid_t *child)
{
	int ends[2] = { -1, -1 };

	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC)) {
		complain(command, "no pipe for its answer: %s", strerror(errno));
		return false;
	}
	*child = fork();
	if (!*child)
		run_child(command, scheme, digits, fileno(in), ends[1]);
	close(ends[1]);
	*from = ends[0];
	if (*child < 0) {
		complain(command, "cannot be started: %s", strerror(errno));
		close(ends[0]);
	}
	return *child > 0;
}

int sign_by_command(const char *command, enum scheme scheme, const uint8_t *digest, size_t digest_size,
		    uint8_t sig[PKI_SIG_MAX], size_t *size)
{
	char digits[2 * PIL_DIGEST_MAX + 1] = "";
	FILE *in = tmpfile();
	pid_t child = 0;
	int from = -1;
	bool ok = in && fwrite(digest, digest_size, 1, in) == 1 && !fflush(in) && !fseek(in, 0, SEEK_SET);

	if (!ok)
		complain(command, "cannot make a temporary file: %s", strerror(errno));
	ok = ok && start(command, scheme, hex(digits, digest, digest_size), in, &from, &child);
	if (ok) {
		*size = read_all(from, sig, PKI_SIG_MAX);
		close(from);
		ok = ended_well(command, child);
	}
	if (in)
		fclose(in);
	if (ok && (!*size || *size > PKI_SIG_MAX)) {
		complain(command, "returned %zu bytes; a signature has 1 to %u", *size, PKI_SIG_MAX);
		return STATUS_REFUSED;
	}
	return ok ? STATUS_OK : STATUS_TROUBLE;
}
