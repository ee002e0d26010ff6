/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Errors with a reason.
 *
 * Every function of libpilot that can fail returns 0 or a negative error class
 * (-PIL_E...). The class is what a program decides on. What a person needs, the
 * reason and the two numbers that go with it, travels beside it in a struct
 * pil_why, up to the log line or the terminal. The list of reasons is one table,
 * include/pilot/reasons.h; each reason belongs to exactly one class.
 */
#ifndef PILOT_ERROR_H
#define PILOT_ERROR_H

#include <stddef.h>
#include <stdint.h>

/** enum pil_error - error classes; functions return them negated */
enum pil_error {
	PIL_OK = 0,
	PIL_ETRUNC = 1,	      /* a field or region ends past the end of the data */
	PIL_EFORMAT = 2,      /* the data contradicts itself or its format */
	PIL_EVERSION = 3,     /* a version that this build does not know */
	PIL_EUNSUPPORTED = 4, /* known, but not offered here */
	PIL_EAUTH = 5,	      /* not genuine: digest, signature, chain or root */
	PIL_EBINDING = 6,     /* genuine, but not for this device or peripheral */
	PIL_ERANGE = 7,	      /* an address or length outside what is allowed */
	PIL_EARG = 8,	      /* an argument that makes no sense */
	PIL_ESTATE = 9,	      /* not now: the peripheral's state does not allow it */
	PIL_EBUSY = 10,	      /* another request for the same peripheral is under way */
	PIL_ENOMEM = 11,      /* a fixed pool or table is full */
	PIL_EBOARD = 12,      /* the board could not do it */
	PIL_ENOENT = 13,      /* no such peripheral, core, stream or call */
	PIL_EBUFFER = 14,     /* the caller's buffer is too small; the size needed is reported */
};

/** enum pil_reason - what exactly was wrong; see reasons.h for class and text */
enum pil_reason {
	PIL_R_NONE = 0,
#define X(name, class, text) PIL_R_##name,
#include <pilot/reasons.h>
#undef X
	PIL_R_COUNT
};

/**
 * struct pil_why - the reason of a failure
 * @reason: what was wrong
 * @a:      first number, meaning given by the reason's text
 * @b:      second number
 */
struct pil_why {
	enum pil_reason reason;
	uint64_t a;
	uint64_t b;
};

/**
 * pil_fail() - record a reason and return its class
 * @why:    where to record it; may be NULL
 * @reason: the reason
 * @a:      first number of the reason's text, 0 if it has none
 * @b:      second number
 *
 * Return: the negative error class that the reason belongs to, never 0.
 */
int pil_fail(struct pil_why *why, enum pil_reason reason, uint64_t a, uint64_t b);

/**
 * pil_reason_class() - error class of a reason
 * @reason: a reason
 *
 * Return: the positive class; PIL_OK for PIL_R_NONE, PIL_EFORMAT for a number that is no reason.
 */
enum pil_error pil_reason_class(enum pil_reason reason);

/**
 * pil_reason_name() - stable name of a reason, for logs, JSON and tests
 * @reason: a reason
 *
 * Return: for example "ELF_MAGIC"; "NONE" for PIL_R_NONE, "?" for a number that is no reason.
 */
const char *pil_reason_name(enum pil_reason reason);

/**
 * pil_error_name() - name of an error class
 * @error: 0 or a class, positive or negated
 *
 * Return: for example "not genuine"; "?" for a number that is no class.
 */
const char *pil_error_name(int error);

/**
 * pil_why_text() - the reason as a sentence for a person
 * @why:  the reason
 * @buf:  where the text goes; always NUL-terminated when @size > 0
 * @size: bytes at @buf
 *
 * In the table's texts {a} and {b} stand for the numbers in decimal, {ax} and {bx} in hexadecimal with 0x.
 *
 * Return: length of the text without NUL, cut to @size - 1.
 */
size_t pil_why_text(const struct pil_why *why, char *buf, size_t size);

#endif
