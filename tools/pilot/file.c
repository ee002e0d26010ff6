/* SPDX-License-Identifier: BSD-2-Clause */
/* Files: mapped for reading; written beside their name and renamed when complete. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pilot.h"

/* files of sysfs, such as /sys/firmware/fdt, cannot be mapped: memory of the same kind with what they hold. Or MAP_FAILED */
static void *read_in(int fd, size_t size)
{
	uint8_t *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t done = 0;
	ssize_t got = 0;

	if (data == MAP_FAILED)
		return data;
	while (done < size && (got = pread(fd, data + done, size - done, (off_t)done)) > 0)
		done += (size_t)got;
	if (done == size)
		return data;
	if (!got)
		errno = EIO;
	munmap(data, size);
	return MAP_FAILED;
}

/* what is wrong is in errno; 0 for something that is no regular file */
static bool map(struct file *file, int fd)
{
	struct stat st = { 0 };
	void *data = NULL;

	if (fstat(fd, &st))
		return false;
	errno = 0;
	if (!S_ISREG(st.st_mode))
		return false;
	if (!st.st_size) {
		file->data = (const uint8_t *)"";
		return true;
	}
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED && errno == ENODEV)
		data = read_in(fd, (size_t)st.st_size);
	if (data == MAP_FAILED)
		return false;
	file->data = data;
	file->size = (size_t)st.st_size;
	return true;
}

bool file_map(struct file *file, const char *path)
{
	/* O_NONBLOCK: a pipe without a writer must not hang us before fstat() says what it is */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int error = 0;
	bool ok = false;

	*file = (struct file){ .path = path };
	if (fd < 0)
		return false;
	ok = map(file, fd);
	error = errno;
	close(fd);
	errno = error;
	return ok;
}

const char *file_error(int error)
{
	return error ? strerror(error) : "not a regular file";
}

bool file_open(struct file *file, const char *path)
{
	bool ok = file_map(file, path);

	if (!ok)
		complain(path, "%s", file_error(errno));
	return ok;
}

void file_close(struct file *file)
{
	if (file->size)
		munmap((void *)(uintptr_t)file->data, file->size);
	*file = (struct file){ 0 };
}

static mode_t file_mask(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return mask;
}

/* signals wait, so that no file exists that the handler does not know of */
static bool create_temp(struct output *out)
{
	sigset_t before;

	cleanup_hold(&before);
	out->fd = mkostemp(out->temp, O_CLOEXEC);
	if (out->fd < 0)
		complain(out->path, "cannot create a file beside it: %s", strerror(errno));
	else if (!cleanup_add(out->temp)) {
		complain(out->path, "too many files at once");
		unlink(out->temp);
		close(out->fd);
		out->fd = -1;
	}
	cleanup_release(&before);
	return out->fd >= 0;
}

bool output_begin(struct output *out, const char *path, unsigned int mode)
{
	*out = (struct output){ .path = path, .fd = -1 };
	if (asprintf(&out->temp, "%s.XXXXXX", path) < 0) {
		out->temp = NULL;
		complain(path, "out of memory");
		return false;
	}
	if (!create_temp(out)) {
		free(out->temp);
		out->temp = NULL;
		return false;
	}
	/* mkostemp() made it 0600: widen what may be wider, within the umask */
	if (fchmod(out->fd, (mode_t)mode & ~file_mask())) {
		complain(path, "cannot set the permissions of a new file: %s", strerror(errno));
		output_abort(out);
		return false;
	}
	return true;
}

bool output_write(struct output *out, uint64_t offset, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	while (size) {
		ssize_t done = pwrite(out->fd, bytes, size, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			complain(out->path, "cannot write at %llu: %s", (unsigned long long)offset,
				 done ? strerror(errno) : "no progress");
			return false;
		}
		bytes += done;
		offset += (uint64_t)done;
		size -= (size_t)done;
	}
	return true;
}

bool output_finish(struct output *out)
{
	int failed = fsync(out->fd);

	failed |= close(out->fd);
	out->fd = -1;
	if (failed) {
		complain(out->path, "cannot bring it to the disk: %s", strerror(errno));
		output_abort(out);
	}
	return !failed;
}

bool output_rename(struct output *out)
{
	sigset_t before;
	bool ok = false;

	cleanup_hold(&before);
	ok = !rename(out->temp, out->path);
	if (ok) {
		cleanup_forget(out->temp);
		free(out->temp);
		out->temp = NULL;
	}
	cleanup_release(&before);
	if (!ok) {
		complain(out->path, "the new file cannot take its name: %s", strerror(errno));
		output_abort(out);
	}
	return ok;
}

bool output_commit(struct output *out)
{
	return output_finish(out) && output_rename(out);
}

void output_abort(struct output *out)
{
	sigset_t before;

	if (out->fd >= 0)
		close(out->fd);
	out->fd = -1;
	cleanup_hold(&before);
	if (out->temp)
		unlink(out->temp);
	cleanup_forget(out->temp);
	cleanup_release(&before);
	free(out->temp);
	out->temp = NULL;
}

bool output_whole(const char *path, unsigned int mode, const void *data, size_t size)
{
	struct output out = { .fd = -1 };

	if (!output_begin(&out, path, mode))
		return false;
	if (!output_write(&out, 0, data, size)) {
		output_abort(&out);
		return false;
	}
	return output_commit(&out);
}
