/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The image that lies ready in normal RAM is started before the host, as boot firmware starts a lite DSP: by the calls that a host makes,
 * in a host's order. Whoever put it there is not trusted; the secure world judges it. What is checked here keeps the loader itself from
 * reading or writing anywhere else: headers and hash segment inside of the place, segments inside of the place and of the carve-out.
 */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/image.h>
#include <pilot/plan.h>
#include <pilot/wire/scm.h>

#include "hypervisor.h"
#include "platform.h"

#define INIT_ARGS PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u)

/* of one call. No interrupt is enabled that could be the host's, so the first answer is the last; a loop without end would be a hang */
#define RESUMES 1000u

#define READY_US 5000000u /* a program needs a fraction of a second; a machine may be busy */

static const uint8_t magic[] = { 0x7f, 'E', 'L', 'F' };

/**
 * struct boot_image - what lies ready
 * @elf:  its headers
 * @hash: program header of its hash segment
 * @plan: where its segments go
 */
struct boot_image {
	struct pil_elf elf;
	struct pil_phdr hash;
	struct pil_plan plan;
};

static struct boot_image image; /* too large for a stack */

static const uint8_t *place(void)
{
	return (const uint8_t *)plat_hyp.boot_image;
}

static bool lies_ready(void)
{
	const struct plat_hyp *p = &plat_hyp;

	return p->boot_image_size >= sizeof(magic) && hyp_host_owns(p->boot_image, p->boot_image_size) &&
	       !memcmp(place(), magic, sizeof(magic));
}

static int check_in_place(unsigned int index, uint64_t offset, uint64_t size, struct pil_why *why)
{
	if (offset > plat_hyp.boot_image_size || size > plat_hyp.boot_image_size - offset)
		return pil_fail(why, PIL_R_ELF_SEGMENT_END, index, plat_hyp.boot_image_size);
	return 0;
}

/* ELF header and program headers, and directly behind them the hash segment: what INIT_IMAGE takes */
static int read_headers(struct pil_why *why)
{
	unsigned int index = 0;
	int err = pil_elf_parse(place(), plat_hyp.boot_image_size, &image.elf, why);

	if (!err)
		err = pil_image_find_hash(&image.elf, &index, &image.hash, why);
	if (!err)
		err = check_in_place(index, image.hash.offset, image.hash.filesz, why);
	if (!err && image.hash.filesz > PIL_IMAGE_METADATA_MAX - pil_elf_headers_end(&image.elf))
		err = pil_fail(why, PIL_R_MBN_LONG, image.hash.filesz, PIL_IMAGE_METADATA_MAX);
	return err;
}

static int plan_segments(struct pil_range carveout, struct pil_why *why)
{
	int err = pil_plan_measure(&image.elf, &image.plan, why);

	if (!err)
		err = pil_plan_place(&image.plan, carveout, why);
	for (unsigned int i = 0; !err && i < image.plan.count; i++)
		err = check_in_place(image.plan.seg[i].index, image.plan.seg[i].offset, image.plan.seg[i].filesz, why);
	return err;
}

static void put_metadata(unsigned int index)
{
	uint8_t *metadata = hyp_request_own(index);
	size_t headers = pil_elf_headers_end(&image.elf);

	memcpy(metadata, place(), headers);
	memcpy(metadata + headers, place() + image.hash.offset, image.hash.filesz);
}

static void put_segments(struct pil_range carveout)
{
	hyp_mmu_open(carveout, true);
	for (unsigned int i = 0; i < image.plan.count; i++) {
		const struct pil_placement *seg = &image.plan.seg[i];
		uint8_t *to = (uint8_t *)seg->dest;

		memcpy(to, place() + seg->offset, seg->filesz);
		memset(to + seg->filesz, 0, seg->memsz - seg->filesz);
	}
	hyp_mmu_open(carveout, false);
}

/* Return: the secure world's answer, 0 when it accepts */
static int64_t issue(unsigned int index, struct hyp_regs r)
{
	unsigned int left = RESUMES;

	hyp_request(index, &r);
	while (r.x[0] == PIL_SCM_INTERRUPTED && left--)
		if (!hyp_resume(&r))
			return PIL_SCM_ERROR;
	return (int64_t)r.x[0];
}

static int64_t shut_down(unsigned int index, uint64_t pas_id)
{
	return issue(index, (struct hyp_regs){ .x = { PIL_SCM_STD64(PIL_SCM_PAS_SHUTDOWN), PIL_SCM_ARGS_VALUES(1u),
						      pas_id } });
}

/* the calls of a host that starts a peripheral. Return: NULL, or the one that was refused, with @status */
static const char *start(unsigned int index, const struct pil_peripheral_desc *d, int64_t *status)
{
	const struct hyp_regs init = { .x = { PIL_SCM_STD64(PIL_SCM_PAS_INIT_IMAGE), INIT_ARGS, d->pas_id } };
	const struct hyp_regs setup = { .x = { PIL_SCM_STD64(PIL_SCM_PAS_MEM_SETUP), PIL_SCM_ARGS_VALUES(3u), d->pas_id,
					       image.plan.base, image.plan.span } };
	const struct hyp_regs auth = { .x = { PIL_SCM_STD64(PIL_SCM_PAS_AUTH_AND_RESET), PIL_SCM_ARGS_VALUES(1u),
					      d->pas_id } };

	put_metadata(index);
	*status = issue(index, init);
	if (*status)
		return "INIT_IMAGE";
	*status = issue(index, setup);
	if (*status)
		return "MEM_SETUP";
	put_segments(d->carveout);
	*status = issue(index, auth);
	return *status ? "AUTH_AND_RESET" : NULL;
}

/* what the host finds is a program that runs, and not one that is about to; but no program keeps the host from starting */
static void await_program(const struct pil_peripheral_desc *d)
{
	uint64_t began = fw_time_us();

	while (!plat_boot_ready())
		if (fw_time_us() - began > READY_US) {
			hyp_log("%s: was started before the host, but does not say that it is up", d->name);
			return;
		}
	hyp_log("%s: runs before the host does, from the image at %x", d->name, plat_hyp.boot_image);
}

/* one line, whatever comes of it */
static void boot(unsigned int index)
{
	const struct pil_peripheral_desc *d = &plat_hyp.desc->peripherals[index];
	struct pil_why why = { 0 };
	const char *refused = NULL;
	int64_t status = 0;
	int err = read_headers(&why);

	if (!err)
		err = plan_segments(d->carveout, &why);
	if (err) {
		hyp_log("%s: the image at %x is not started: %s: %x, %x", d->name, plat_hyp.boot_image,
			pil_reason_name(why.reason), why.a, why.b);
		return;
	}
	refused = start(index, d, &status);
	if (!refused) {
		await_program(d);
		return;
	}
	hyp_log("%s: the image at %x is not started: %s was answered %x", d->name, plat_hyp.boot_image, refused,
		(uint64_t)status);
	if (shut_down(index, d->pas_id))
		hyp_log("%s: is not shut down either", d->name);
}

void hyp_boot_image(void)
{
	const struct pil_board_desc *desc = plat_hyp.desc;

	if (!lies_ready())
		return;
	for (unsigned int i = 0; i < desc->peripheral_count; i++)
		if (desc->peripherals[i].pas_id == plat_hyp.boot_pas_id) {
			boot(i);
			return;
		}
	hyp_stop("the board has no peripheral to boot");
}
