/* SPDX-License-Identifier: BSD-2-Clause */
/* How inputs of fuzz_tree.c are put together. */
#ifndef PILOT_TESTS_FUZZ_SEEDS_TREE_H
#define PILOT_TESTS_FUZZ_SEEDS_TREE_H

#define FUZZ_TREE_MARK "TREE"
#define FUZZ_TREE_HEAD 12u /* the mark, two lengths */

/** write_tree_seeds() - device trees of made-up boards. Return: 0, or -1 */
int write_tree_seeds(void);

#endif
