/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The image that is started before the host: the calls that are made for it, and that no image, however spoiled, makes the loader read
 * outside of the place where it lies or write outside of the carve-out. The calls take notes, a letter each:
 *
 *   I M A S  INIT_IMAGE, MEM_SETUP, AUTH_AND_RESET, SHUTDOWN     o c  the carve-out may be written, and no more
 */
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/elf.h>
#include <pilot/image.h>
#include <pilot/wire/elf.h>
#include <pilot/wire/scm.h>

#include "expect.h"
#include "hypervisor.h"
#include "imagegen.h"
#include "platform.h"

#define PLACE	 0x4000u
#define CARVEOUT 0x6000u
#define PAS_ID	 31u
#define INDEX	 1u
#define UNTOUCHED 0x5a
#define NEVER	 UINT_MAX
#define RESUMES	 1000u
#define READY_US 5000000u

static uint8_t lying[PLACE] __attribute__((aligned(4096)));
static uint8_t carveout[CARVEOUT] __attribute__((aligned(4096)));
static uint8_t metadata[PIL_IMAGE_METADATA_MAX];

static const struct pil_peripheral_desc peripherals[] = {
	{ .name = "other", .pas_id = 1 },
	{ .name = "lite", .pas_id = PAS_ID, .carveout = { (uintptr_t)carveout, CARVEOUT } },
};
static const struct pil_board_desc desc = { .peripherals = peripherals, .peripheral_count = 2 };

const struct plat_hyp plat_hyp = {
	.desc = &desc,
	.boot_image = (uintptr_t)lying,
	.boot_image_size = PLACE,
	.boot_pas_id = PAS_ID,
};

static struct {
	char notes[16];
	int64_t status[128];
	unsigned int interrupts; /* of each call */
	unsigned int left, resumed;
	struct hyp_regs init, setup, auth;
	bool host_owns, open;
	unsigned int lines;
	char reason[64]; /* of a refusal before any call */
	uint64_t now, ready_at; /* microseconds */
	struct hyp_regs suspended;
} fake;

static struct imagegen gen;
static struct imagegen_layout layout;

/* --- what the loader calls --- */

static void note(char letter)
{
	size_t length = strlen(fake.notes);

	assert_true(length + 1 < sizeof(fake.notes));
	fake.notes[length] = letter;
}

void hyp_log(const char *format, ...)
{
	va_list args;

	fake.lines++;
	if (!strstr(format, "not started: %s: "))
		return;
	va_start(args, format);
	(void)va_arg(args, const char *);
	(void)va_arg(args, uint64_t);
	strncpy(fake.reason, va_arg(args, const char *), sizeof(fake.reason) - 1);
	va_end(args);
}

void hyp_stop(const char *why)
{
	fail_msg("the hypervisor stops: %s", why);
	abort();
}

bool hyp_host_owns(uint64_t base, uint64_t size)
{
	return fake.host_owns && base == (uintptr_t)lying && size == PLACE;
}

void hyp_mmu_open(struct pil_range r, bool open)
{
	assert_int_equal(r.base, (uintptr_t)carveout);
	assert_int_equal(r.size, CARVEOUT);
	assert_true(open != fake.open);
	fake.open = open;
	note(open ? 'o' : 'c');
}

void *hyp_request_own(unsigned int index)
{
	assert_int_equal(index, INDEX);
	memset(metadata, 0, sizeof(metadata));
	return metadata;
}

uint64_t fw_time_us(void)
{
	return fake.now += 100;
}

bool plat_boot_ready(void)
{
	assert_non_null(strchr(fake.notes, 'A'));
	return fake.now >= fake.ready_at;
}

static void answer(struct hyp_regs *r)
{
	char letter = 'S';

	if ((r->x[0] & PIL_SCM_FUNC) == PIL_SCM_PAS_INIT_IMAGE) {
		letter = 'I';
		fake.init = *r;
	} else if ((r->x[0] & PIL_SCM_FUNC) == PIL_SCM_PAS_MEM_SETUP) {
		letter = 'M';
		fake.setup = *r;
	} else if ((r->x[0] & PIL_SCM_FUNC) == PIL_SCM_PAS_AUTH_AND_RESET) {
		letter = 'A';
		fake.auth = *r;
	} else {
		assert_int_equal(r->x[0] & PIL_SCM_FUNC, PIL_SCM_PAS_SHUTDOWN);
	}
	assert_int_equal(r->x[2], PAS_ID);
	note(letter);
	*r = (struct hyp_regs){ .x = { (uint64_t)fake.status[(unsigned char)letter] } };
}

static void go_on(struct hyp_regs *r)
{
	if (fake.left) {
		fake.left -= fake.left != NEVER;
		*r = (struct hyp_regs){ .x = { [0] = PIL_SCM_INTERRUPTED, [6] = 99 } };
		return;
	}
	*r = fake.suspended;
	answer(r);
}

void hyp_request(unsigned int index, struct hyp_regs *r)
{
	assert_int_equal(index, INDEX);
	assert_false(fake.open);
	fake.suspended = *r;
	fake.left = (r->x[0] & PIL_SCM_FUNC) == PIL_SCM_PAS_SHUTDOWN && fake.interrupts == NEVER ? 0 : fake.interrupts;
	go_on(r);
}

bool hyp_resume(struct hyp_regs *r)
{
	assert_int_equal(r->x[6], 99);
	fake.resumed++;
	go_on(r);
	return true;
}

/* --- images --- */

static int start(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.host_owns = true;
	memset(lying, 0, sizeof(lying));
	memset(carveout, UNTOUCHED, sizeof(carveout));
	return 0;
}

static void put_image(bool is64)
{
	imagegen_init(&gen, &pil_crypto_openssl, is64);
	imagegen_layout(&gen, &layout);
	assert_int_equal(imagegen_file(&gen, lying, sizeof(lying)), layout.file_size);
}

static void assert_untouched(void)
{
	for (size_t i = 0; i < sizeof(carveout); i++)
		assert_int_equal(carveout[i], UNTOUCHED);
}

static void boots_with(const char *notes)
{
	memset(fake.notes, 0, sizeof(fake.notes));
	hyp_boot_image();
	assert_string_equal(fake.notes, notes);
}

static void is_refused(enum pil_reason reason)
{
	memset(fake.reason, 0, sizeof(fake.reason));
	boots_with("");
	assert_string_equal(fake.reason, pil_reason_name(reason));
	assert_untouched();
}

static uint8_t *phdr(unsigned int index)
{
	return lying + layout.ehdr_size + index * layout.phdr_size;
}

static unsigned int first_load(void)
{
	return layout.hash_index + 1;
}

#define PUT64(index, field, value)                                                                                     \
	imagegen_put(phdr(index) + offsetof(struct pil_elf64_phdr_wire, field),                                        \
		     (unsigned int)sizeof(((struct pil_elf64_phdr_wire *)0)->field), value)
#define EHDR64(field, value)                                                                                           \
	imagegen_put(lying + offsetof(struct pil_elf64_ehdr_wire, field),                                              \
		     (unsigned int)sizeof(((struct pil_elf64_ehdr_wire *)0)->field), value)

/* --- tests --- */

static void nothing_there_starts_nothing(void **state)
{
	(void)state;
	boots_with("");
	memcpy(lying, "\177ELG", 4);
	boots_with("");
	put_image(false);
	fake.host_owns = false;
	boots_with("");
	assert_int_equal(fake.lines, 0);
	assert_untouched();
}

static void check_metadata(void)
{
	assert_memory_equal(metadata, lying, layout.headers);
	assert_memory_equal(metadata + layout.headers, lying + layout.offset[layout.hash_index], layout.hash_size);
	for (size_t i = layout.headers + layout.hash_size; i < sizeof(metadata); i++)
		assert_int_equal(metadata[i], 0);
	assert_int_equal(fake.init.x[0], PIL_SCM_STD64(PIL_SCM_PAS_INIT_IMAGE));
	assert_int_equal(fake.init.x[1], PIL_SCM_ARGS(2u, PIL_SCM_VAL, PIL_SCM_RW, 0u, 0u, 0u));
}

static void check_segments(void)
{
	uint64_t lowest = UINT64_MAX;

	for (unsigned int i = 0; i < gen.count; i++)
		lowest = gen.segment[i].paddr < lowest ? gen.segment[i].paddr : lowest;
	for (unsigned int i = 0; i < gen.count; i++) {
		const struct imagegen_segment *s = &gen.segment[i];
		const uint8_t *there = carveout + (s->paddr - lowest);

		assert_memory_equal(there, lying + layout.offset[first_load() + i], s->filesz);
		for (uint64_t at = s->filesz; at < s->memsz; at++)
			assert_int_equal(there[at], 0);
	}
}

static void starts_in_a_hosts_order(void **state)
{
	(void)state;
	for (int is64 = 0; is64 < 2; is64++) {
		start(NULL);
		put_image(is64);
		boots_with("IMocA");
		check_metadata();
		check_segments();
		assert_int_equal(fake.setup.x[1], PIL_SCM_ARGS_VALUES(3u));
		assert_int_equal(fake.setup.x[3], (uintptr_t)carveout);
		assert_int_equal(fake.setup.x[4] % 4096, 0);
		assert_in_range(fake.setup.x[4], 1, CARVEOUT);
		assert_int_equal(fake.auth.x[1], PIL_SCM_ARGS_VALUES(1u));
		assert_int_equal(fake.lines, 1);
	}
}

static void waits_for_the_program_but_not_for_ever(void **state)
{
	(void)state;
	put_image(false);
	fake.ready_at = 100000;
	boots_with("IMocA");
	assert_in_range(fake.now, fake.ready_at, fake.ready_at + 1000);
	fake.now = 0;
	fake.ready_at = UINT64_MAX;
	boots_with("IMocA");
	assert_in_range(fake.now, READY_US, READY_US + 1000);
	assert_int_equal(fake.lines, 2);
}

static void every_refusal_ends_in_a_shutdown(void **state)
{
	static const struct {
		char letter;
		const char *notes;
	} refusals[] = { { 'I', "IS" }, { 'M', "IMS" }, { 'A', "IMocAS" } };

	(void)state;
	for (unsigned int i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		start(NULL);
		put_image(true);
		fake.status[(unsigned char)refusals[i].letter] = PIL_SCM_EINVAL;
		boots_with(refusals[i].notes);
		assert_int_equal(fake.lines, 1);
		fake.status['S'] = PIL_SCM_ERROR;
		boots_with(refusals[i].notes);
		assert_int_equal(fake.lines, 3);
	}
}

static void interrupted_calls_go_on(void **state)
{
	(void)state;
	put_image(false);
	fake.interrupts = 3;
	boots_with("IMocA");
	assert_int_equal(fake.resumed, 9);
}

static void call_that_never_ends_is_given_up(void **state)
{
	(void)state;
	put_image(false);
	fake.interrupts = NEVER;
	boots_with("S");
	assert_int_equal(fake.resumed, RESUMES);
	assert_untouched();
}

static void hash_segment_must_lie_in_the_place(void **state)
{
	(void)state;
	put_image(true);
	PUT64(layout.hash_index, offset, PLACE - layout.hash_size);
	boots_with("IMocA");
	start(NULL);
	put_image(true);
	PUT64(layout.hash_index, offset, PLACE - layout.hash_size + 1);
	is_refused(PIL_R_ELF_SEGMENT_END);
	PUT64(layout.hash_index, offset, PLACE + 1);
	is_refused(PIL_R_ELF_SEGMENT_END);
	PUT64(layout.hash_index, offset, UINT64_MAX - layout.hash_size + 1);
	is_refused(PIL_R_ELF_SEGMENT_END);
	PUT64(layout.hash_index, offset, layout.headers);
	PUT64(layout.hash_index, filesz, PLACE - layout.headers + 1);
	is_refused(PIL_R_ELF_SEGMENT_END);
	PUT64(layout.hash_index, filesz, PIL_IMAGE_HASH_MAX + 1);
	is_refused(PIL_R_MBN_LONG);
	PUT64(layout.hash_index, filesz, UINT64_MAX);
	is_refused(PIL_R_MBN_LONG);
}

static void segments_must_lie_in_the_place(void **state)
{
	uint64_t size = 0;

	(void)state;
	put_image(true);
	size = gen.segment[0].filesz;
	PUT64(first_load(), offset, PLACE - size);
	boots_with("IMocA");
	start(NULL);
	put_image(true);
	PUT64(first_load(), offset, PLACE - size + 1);
	is_refused(PIL_R_ELF_SEGMENT_END);
	PUT64(first_load(), offset, UINT64_MAX - size);
	is_refused(PIL_R_ELF_SEGMENT_END);
	PUT64(first_load(), offset, UINT64_MAX - size + 1);
	is_refused(PIL_R_ELF_SEGMENT_WRAP);
	PUT64(first_load(), offset, 0);
	PUT64(first_load(), filesz, gen.segment[0].memsz + 1);
	is_refused(PIL_R_ELF_FILESZ);
}

static void segments_must_fit_the_carve_out(void **state)
{
	(void)state;
	put_image(true);
	PUT64(first_load() + 2, memsz, CARVEOUT);
	is_refused(PIL_R_PLAN_OUTSIDE);
	PUT64(first_load() + 2, memsz, UINT64_MAX);
	is_refused(PIL_R_ELF_SEGMENT_WRAP);
	put_image(true);
	PUT64(first_load() + 1, paddr, gen.segment[0].paddr);
	is_refused(PIL_R_PLAN_OVERLAP);
	PUT64(first_load() + 1, paddr, gen.segment[0].paddr + CARVEOUT);
	is_refused(PIL_R_PLAN_OUTSIDE);
	/* not relocatable: it wants to be where it says, which is somebody else's */
	put_image(true);
	for (unsigned int i = 0; i < gen.count; i++)
		PUT64(first_load() + i, flags, 7);
	is_refused(PIL_R_PLAN_OUTSIDE);
	put_image(true);
	for (unsigned int i = 0; i < gen.count; i++)
		PUT64(first_load() + i, type, 0);
	is_refused(PIL_R_PLAN_EMPTY);
}

static void headers_must_be_those_of_a_signed_image(void **state)
{
	(void)state;
	put_image(true);
	EHDR64(phnum, 0);
	is_refused(PIL_R_ELF_PHNUM);
	EHDR64(phnum, PIL_ELF_MAX_PHNUM + 1);
	is_refused(PIL_R_ELF_PHNUM);
	put_image(true);
	EHDR64(phoff, PLACE);
	is_refused(PIL_R_ELF_PHOFF);
	put_image(true);
	PUT64(0, filesz, layout.headers + 1);
	is_refused(PIL_R_MBN_PHDR0);
	put_image(true);
	PUT64(layout.hash_index, flags, 0);
	is_refused(PIL_R_MBN_NO_HASH_SEGMENT);
	put_image(true);
	PUT64(first_load(), flags, 0x02200000);
	is_refused(PIL_R_MBN_TWO_HASH_SEGMENTS);
}

/* the sanitizers see what goes out of bounds; an image that is not refused is started as any other */
static void no_byte_of_the_headers_leads_astray(void **state)
{
	(void)state;
	for (int is64 = 0; is64 < 2; is64++) {
		put_image(is64);
		for (size_t at = 0; at < layout.headers; at++) {
			uint8_t was = lying[at];

			for (unsigned int value = 0; value < 256; value++) {
				memset(fake.notes, 0, sizeof(fake.notes));
				lying[at] = (uint8_t)value;
				hyp_boot_image();
				if (fake.notes[0])
					assert_string_equal(fake.notes, "IMocA");
			}
			lying[at] = was;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_there_starts_nothing, start),
		cmocka_unit_test_setup(starts_in_a_hosts_order, start),
		cmocka_unit_test_setup(waits_for_the_program_but_not_for_ever, start),
		cmocka_unit_test_setup(every_refusal_ends_in_a_shutdown, start),
		cmocka_unit_test_setup(interrupted_calls_go_on, start),
		cmocka_unit_test_setup(call_that_never_ends_is_given_up, start),
		cmocka_unit_test_setup(hash_segment_must_lie_in_the_place, start),
		cmocka_unit_test_setup(segments_must_lie_in_the_place, start),
		cmocka_unit_test_setup(segments_must_fit_the_carve_out, start),
		cmocka_unit_test_setup(headers_must_be_those_of_a_signed_image, start),
		cmocka_unit_test_setup(no_byte_of_the_headers_leads_astray, start),
	};

	return cmocka_run_group_tests_name("hypervisor-boot-image", tests, NULL, NULL);
}
