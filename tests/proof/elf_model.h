/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PILOT_TESTS_ELF_MODEL_H
#define PILOT_TESTS_ELF_MODEL_H

#include <pilot/elf.h>

#include "proof.h"

/** model_elf_init() - give the program headers any values; call it first */
void model_elf_init(void);

#endif
