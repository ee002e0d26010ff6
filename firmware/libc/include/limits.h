/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The compiler's limits.h has all of ISO C 5.2.4.2.1, but first includes that of the operating system
 * (#include_next). There is none, so this file ends the search and has nothing to add.
 */
