/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of errors, by name: Linux's, GlobalPlatform's TEE_Result, and what secure firmware answers to SCM calls. */
#include "explain/explain.h"

struct code {
	int64_t number;
	const char *text;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* the numbers that drivers of remote processors meet; include/uapi/asm-generic/errno*.h, include/linux/errno.h */
static const struct code errnos[] = {
	{ -1, "EPERM: not permitted" },
	{ -2, "ENOENT: there is no such file or entry" },
	{ -3, "ESRCH: no such process" },
	{ -4, "EINTR: interrupted by a signal" },
	{ -5, "EIO: input or output failed" },
	{ -6, "ENXIO: no such device or address" },
	{ -7, "E2BIG: too long" },
	{ -11, "EAGAIN: try again" },
	{ -12, "ENOMEM: out of memory" },
	{ -13, "EACCES: access denied" },
	{ -14, "EFAULT: bad address" },
	{ -16, "EBUSY: in use" },
	{ -17, "EEXIST: exists already" },
	{ -18, "EXDEV: link across devices" },
	{ -19, "ENODEV: no such device" },
	{ -20, "ENOTDIR: not a directory" },
	{ -21, "EISDIR: a directory" },
	{ -22, "EINVAL: invalid argument" },
	{ -24, "EMFILE: too many open files" },
	{ -27, "EFBIG: file too large" },
	{ -28, "ENOSPC: no space left" },
	{ -30, "EROFS: read-only file system" },
	{ -32, "EPIPE: nobody at the other end" },
	{ -34, "ERANGE: out of range" },
	{ -36, "ENAMETOOLONG: the name is too long" },
	{ -38, "ENOSYS: not implemented" },
	{ -61, "ENODATA: no data" },
	{ -62, "ETIME: timer expired" },
	{ -71, "EPROTO: protocol error" },
	{ -74, "EBADMSG: bad message" },
	{ -75, "EOVERFLOW: value too large" },
	{ -88, "ENOTSOCK: not a socket" },
	{ -90, "EMSGSIZE: message too long" },
	{ -95, "EOPNOTSUPP: not supported" },
	{ -98, "EADDRINUSE: address in use" },
	{ -104, "ECONNRESET: connection reset" },
	{ -105, "ENOBUFS: no buffer space" },
	{ -107, "ENOTCONN: not connected" },
	{ -108, "ESHUTDOWN: shut down already" },
	{ -110, "ETIMEDOUT: timed out" },
	{ -112, "EHOSTDOWN: the other side is down" },
	{ -114, "EALREADY: in progress already" },
	{ -115, "EINPROGRESS: in progress" },
	{ -117, "EUCLEAN: the structure needs cleaning" },
	{ -121, "EREMOTEIO: the remote side failed" },
	{ -123, "ENOMEDIUM: no medium" },
	{ -125, "ECANCELED: cancelled" },
	{ -126, "ENOKEY: the key is missing" },
	{ -129, "EKEYREJECTED: the key or signature was rejected" },
	{ -130, "EOWNERDEAD: its owner died" },
	{ -512, "ERESTARTSYS: interrupted by a signal" },
	{ -517, "EPROBE_DEFER: something that is needed is not there yet" },
	{ -524, "ENOTSUPP: not supported" },
};

/* TEE Internal Core API 1.3.1, section 3.3; the last ones are OP-TEE's own */
static const struct code results[] = {
	{ 0x00000000, "SUCCESS" },
	{ 0xf0100001, "CORRUPT_OBJECT: the object in secure storage is damaged" },
	{ 0xf0100002, "CORRUPT_OBJECT_2: the object in secure storage is damaged" },
	{ 0xf0100003, "STORAGE_NOT_AVAILABLE: secure storage cannot be reached (is tee-supplicant running?)" },
	{ 0xf0100004, "STORAGE_NOT_AVAILABLE_2: secure storage cannot be reached" },
	{ 0xf0100006, "CIPHERTEXT_INVALID: the ciphertext is not correct" },
	{ 0xffff0000, "GENERIC: an error without further reason, or a crash inside the TEE" },
	{ 0xffff0001, "ACCESS_DENIED: the client or session may not do that" },
	{ 0xffff0002, "CANCEL: the operation was cancelled" },
	{ 0xffff0003, "ACCESS_CONFLICT: somebody else uses the object" },
	{ 0xffff0004, "EXCESS_DATA: too much data" },
	{ 0xffff0005, "BAD_FORMAT: the data is malformed" },
	{ 0xffff0006, "BAD_PARAMETERS: a parameter is wrong" },
	{ 0xffff0007, "BAD_STATE: the command makes no sense in this state" },
	{ 0xffff0008, "ITEM_NOT_FOUND: there is no such thing (no such TA, processor or file)" },
	{ 0xffff0009, "NOT_IMPLEMENTED: the command is not implemented" },
	{ 0xffff000a, "NOT_SUPPORTED: not supported here" },
	{ 0xffff000b, "NO_DATA: there is no data" },
	{ 0xffff000c, "OUT_OF_MEMORY: the TEE has not enough memory" },
	{ 0xffff000d, "BUSY: in use by somebody else" },
	{ 0xffff000e, "COMMUNICATION: the TEE could not be reached" },
	{ 0xffff000f, "SECURITY: a check of security failed (signature, digest, or a TA that is not genuine)" },
	{ 0xffff0010, "SHORT_BUFFER: the buffer is too small" },
	{ 0xffff0011, "EXTERNAL_CANCEL: cancelled by something outside" },
	{ 0xffff3001, "TIMEOUT: timed out" },
	{ 0xffff300f, "OVERFLOW: a number is too large" },
	{ 0xffff3024, "TARGET_DEAD: the trusted application has crashed; open a new session" },
	{ 0xffff3041, "STORAGE_NO_SPACE: secure storage is full" },
	{ 0xffff3071, "MAC_INVALID: the message authentication code does not match" },
	{ 0xffff3072, "SIGNATURE_INVALID: the signature does not match" },
	{ 0xffff5000, "TIME_NOT_SET: the TEE's time was never set" },
	{ 0xffff5001, "TIME_NEEDS_RESET: the TEE's time must be set again" },
	{ 0x80000000, "DEFER_DRIVER_INIT: a driver inside OP-TEE waits for another" },
	{ 0x80000001, "NODE_DISABLED: the node is disabled for the secure world" },
};

/* what secure firmware returns in x0 to an SCM call, and what Linux's qcom_scm makes of it */
static const struct code statuses[] = {
	{ 1, "INTERRUPTED: the call is to be resumed; Linux does so by itself" },
	{ 2, "WAITQ_SLEEP: the call waits for another one; Linux waits, too" },
	{ -1, "ERROR: the firmware could not do it; Linux says EIO" },
	{ -2, "EINVAL_ARG: an argument is wrong, or the image is not genuine; Linux says EINVAL" },
	{ -3, "EINVAL_ADDR: an address is not acceptable; Linux says EINVAL" },
	{ -4, "EOPNOTSUPP: the firmware does not offer this call; Linux says EOPNOTSUPP" },
	{ -5, "ENOMEM: the firmware has no room left; Linux says ENOMEM" },
	{ -12, "EBUSY: another call is inside; Linux tries again, then says EBUSY" },
};

/* where a driver hands on what qcom_scm made of a status: several reasons share a number (docs/SPEC.md section 6) */
static const struct code handed_on[] = {
	{ -22,
	  "the firmware's status is -2 or -3: malformed, not genuine, not for this device, wrong state, out of range, or an "
	  "unknown peripheral" },
	{ -95, "the firmware's status is -4: a format or algorithm, or a call, that it does not accept" },
	{ -5, "the firmware's status is -1: it could not do it, or has stopped" },
	{ -12, "the firmware's status is -5: a fixed pool is used up; or Linux's own memory is" },
	{ -16, "the firmware's status is -12: another request for the same peripheral is inside" },
};

static const char *find(const struct code *list, size_t count, int64_t number)
{
	size_t i = 0;

	for (i = 0; i < count; i++)
		if (list[i].number == number)
			return list[i].text;
	return NULL;
}

const char *code_errno(int64_t error)
{
	return find(errnos, COUNT(errnos), error > 0 ? -error : error);
}

const char *code_tee(uint64_t result)
{
	return result <= UINT32_MAX ? find(results, COUNT(results), (int64_t)result) : NULL;
}

const char *code_scm(int64_t status)
{
	return find(statuses, COUNT(statuses), status);
}

const char *code_scm_errno(int64_t error)
{
	return find(handed_on, COUNT(handed_on), error);
}
