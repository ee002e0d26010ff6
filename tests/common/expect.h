/* SPDX-License-Identifier: BSD-2-Clause */
/* cmocka, and what tests of libpilot ask again and again. Include before anything of cmocka. */
#ifndef PILOT_TESTS_EXPECT_H
#define PILOT_TESTS_EXPECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pilot/error.h>

/** expect_reason() - @ret is a failure for exactly @reason, and of that reason's class */
#define expect_reason(ret, why, expected)                                                                              \
	do {                                                                                                           \
		int ret_ = (ret);                                                                                      \
		const struct pil_why *why_ = (why);                                                                    \
		assert_string_equal(pil_reason_name(why_->reason), pil_reason_name(expected));                         \
		assert_int_equal(ret_, -(int)pil_reason_class(expected));                                              \
	} while (0)

/** expect_why() - as expect_reason(), with both numbers */
#define expect_why(ret, why, expected, first, second)                                                                  \
	do {                                                                                                           \
		expect_reason(ret, why, expected);                                                                     \
		assert_int_equal((why)->a, first);                                                                     \
		assert_int_equal((why)->b, second);                                                                    \
	} while (0)

#endif
