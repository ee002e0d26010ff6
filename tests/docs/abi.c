/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes of the structures that a caller of libpilot allocates, as "NAME SIZE" lines: tests/docs/abi.py compares them. */
#include <stdio.h>

#include <pilot/auth.h>
#include <pilot/board.h>
#include <pilot/container.h>
#include <pilot/counters.h>
#include <pilot/crypto.h>
#include <pilot/cursor.h>
#include <pilot/elf.h>
#include <pilot/error.h>
#include <pilot/fuses.h>
#include <pilot/image.h>
#include <pilot/manifest.h>
#include <pilot/mbn.h>
#include <pilot/plan.h>
#include <pilot/rsc_table.h>

#define SIZE(name) printf("%s %zu\n", #name, sizeof(struct name))

int main(void)
{
	SIZE(pil_auth_policy);
	SIZE(pil_auth_result);
	SIZE(pil_auth_rules);
	SIZE(pil_bytes);
	SIZE(pil_cert);
	SIZE(pil_container);
	SIZE(pil_container_policy);
	SIZE(pil_container_result);
	SIZE(pil_crypto);
	SIZE(pil_cursor);
	SIZE(pil_device);
	SIZE(pil_elf);
	SIZE(pil_image);
	SIZE(pil_manifest);
	SIZE(pil_mbn);
	SIZE(pil_phdr);
	SIZE(pil_plan);
	SIZE(pil_range);
	SIZE(pil_rsc_item);
	SIZE(pil_section);
	SIZE(pil_why);
	return 0;
}
