/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks on program headers that every form of an image shares. Private to lib/image. */
#ifndef PILOT_LIB_IMAGE_CHECKS_H
#define PILOT_LIB_IMAGE_CHECKS_H

#include <pilot/image.h>

/** pil_image_is_hash_() - is it the program header of a hash segment? */
static inline bool pil_image_is_hash_(const struct pil_phdr *phdr)
{
	return PIL_PF_TYPE(phdr->flags) == PIL_PF_TYPE_HASH;
}

/** pil_image_check_phdr0_() - program header 0, as pil_image_find_hash() documents it */
int pil_image_check_phdr0_(const struct pil_elf *elf, struct pil_why *why);

/** pil_image_check_segments_() - every segment with bytes in the file lies in it: ELF_SEGMENT_WRAP, ELF_SEGMENT_END */
int pil_image_check_segments_(const struct pil_elf *elf, struct pil_why *why);

#endif
