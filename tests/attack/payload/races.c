/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that another CPU changes while a call runs, and between calls. */
#include <string.h>

#include <fw/sysreg.h>
#include <pilot/wire/scm.h>
#include <virt/platform.h>

#include "../protocol.h"
#include "attack.h"

#define PAGE	SCRATCH
#define TABLE	(SCRATCH + 0x1000)
#define OUT	(SCRATCH + 0x2000)
#define OTHER	1u /* the CPU that meddles */
#define ROUNDS	4u
#define QUICK	300u
#define SOON_US 3000u

/* of the small image: ELF32, five program headers, then the hash segment */
#define PHDR_HASH_SIZES 96u /* offset of a word that holds the program header's p_flags.. */
#define HEADERS		212u

#define GENUINE	     "I am gen"
#define FORGED	     "I am bad"
#define SAYS_GENUINE "program: I am genuine"
#define SAYS_FORGED  "program: I am bad"

static uint64_t word_of(const char *text)
{
	uint64_t word = 0;

	memcpy(&word, text, sizeof(word));
	return word;
}

/* Return: a status that a request may have when what it reads keeps changing */
static bool sane(int64_t status)
{
	return status == 0 || status == PIL_SCM_EINVAL || status == PIL_SCM_EADDR || status == PIL_SCM_EBUSY;
}

/* as a driver does it, as far as it goes. Return: the last status */
static int64_t start_small(void)
{
	const struct archive_entry *e = archive_find(SMALL);
	int64_t status = pas_init_image(archive_metadata_buffer(0));

	if (!status)
		status = pas_mem_setup(e->place, e->span);
	if (status)
		return status;
	archive_copy_memory(e);
	return pas_auth();
}

static bool metadata_changes_at(size_t offset, uint64_t flip)
{
	struct meddle m = { .address = archive_metadata(archive_find(SMALL), 0) + offset };
	bool good = true;
	unsigned int i = 0, started = 0;

	m.a = *(const uint64_t *)m.address;
	m.b = m.a ^ flip;
	if (!meddle_begin(OTHER, &m))
		return false;
	for (i = 0; i < ROUNDS; i++) {
		int64_t status = start_small();

		started += !status;
		good = same("a status that may be", sane(status), true) && good;
	}
	print("# started ");
	print_dec(started);
	print(" times\n");
	return meddle_end(OTHER, &m) && good && same("afterwards the genuine one", start_small(), 0);
}

static bool headers_change(void)
{
	return metadata_changes_at(40, UINT64_C(0x7f) << 32);
}

static bool hash_program_header_changes(void)
{
	return metadata_changes_at(PHDR_HASH_SIZES, UINT64_C(0x7fff) << 32);
}

static bool hash_table_changes(void)
{
	return metadata_changes_at(HEADERS + 220, 1);
}

static bool certificates_change(void)
{
	return metadata_changes_at(0xa00, UINT64_C(0xff) << 24);
}

static void prepare_table_call(struct scm_call *c)
{
	table_page(PAGE, OUT, 0x1000);
	memset((void *)TABLE, 0, 0x1000);
	*(volatile uint64_t *)TABLE = 1;
	prepare_table(c, PAGE, TABLE, 64);
}

static bool table_call_while(struct meddle *m)
{
	struct scm_call c = { 0 };
	unsigned int i = 0, done = 0;
	bool good = true;

	prepare_table_call(&c);
	if (!meddle_begin(OTHER, m))
		return false;
	for (i = 0; i < QUICK; i++) {
		int64_t status = scm_complete(&c);

		done += !status;
		good = same("a status that may be", sane(status), true) && good;
	}
	print("# done ");
	print_dec(done);
	print(" times\n");
	return meddle_end(OTHER, m) && good;
}

static bool answer_pointer_changes(void)
{
	struct meddle m = { .address = PAGE, .a = OUT, .b = VIRT_SERVICE_RAM };

	return table_call_while(&m);
}

static bool answer_size_changes(void)
{
	struct meddle m = { .address = PAGE + 8, .a = 0x1000, .b = UINT64_MAX };

	return table_call_while(&m);
}

static bool table_changes(void)
{
	struct meddle m = { .address = TABLE, .a = 1, .b = UINT64_C(0x7fffffff00000001) };

	return table_call_while(&m);
}

/* the answer lies over the arguments, and both over the meddler's word */
static bool answer_changes(void)
{
	struct meddle m = { .address = OUT + 8, .a = 0, .b = UINT64_MAX };

	return table_call_while(&m);
}

/* --- segments --- */

/* where the program that was just placed has its text */
static uint64_t text_address(void)
{
	uint64_t at = VIRT_ADSP_MEM;

	while (at < VIRT_ADSP_MEM + 0x1000u && *(const volatile uint64_t *)at != word_of(GENUINE))
		at += 8;
	return at;
}

/* the program may start or not; when it does, it is the genuine one */
static bool starts_genuine(int64_t status)
{
	if (status)
		return same("a status that may be", sane(status), true);
	return same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true);
}

static bool text_flips_during_auth(uint64_t wait_us)
{
	struct meddle m = { .a = word_of(GENUINE), .b = word_of(FORGED), .wait_us = wait_us };
	unsigned int i = 0;
	bool good = true;

	stream_open();
	for (i = 0; good && i < ROUNDS; i++) {
		if (!place_image(PROGRAM))
			return false;
		m.address = text_address();
		good = meddle_begin(OTHER, &m);
		good = starts_genuine(pas_auth()) && good;
		good = meddle_end(OTHER, &m) && good;
	}
	stream_close();
	log_lacks(SAYS_FORGED);
	return good;
}

static bool text_flips_fast(void)
{
	return text_flips_during_auth(0);
}

static bool text_flips_slowly(void)
{
	return text_flips_during_auth(1500);
}

static bool text_flipped_after_auth(void)
{
	bool good = place_image(PROGRAM);
	uint64_t at = text_address();

	stream_open();
	good = program_start() && good;
	(void)try_write(at, word_of(FORGED));
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	stream_close();
	log_counts(SAYS_GENUINE, 3, 3);
	log_lacks(SAYS_FORGED);
	return good;
}

/* everything that the host can reach of it becomes an endless loop */
static bool code_overwritten(void)
{
	uint64_t at = 0;
	bool good = true;

	stream_open();
	good = program_start();
	for (at = VIRT_ADSP_MEM; at < VIRT_ADSP_MEM + 0x4000u; at += 8)
		(void)try_write(at, UINT64_C(0x1400000014000000));
	fw_dsb();
	good = same("the program obeys", program_order(PROGRAM_SAY, 0, NULL), true) && good;
	stream_close();
	log_counts(SAYS_GENUINE, 3, 3);
	return good;
}

/* AUTH is suspended again and again; as soon as the host has the CPU and can write to the text, it changes it */
static bool text_flips_at_interruptions(void)
{
	struct scm_call c = { 0 };
	unsigned int n = 0;
	bool good = place_image(PROGRAM);
	uint64_t at = text_address(), text = 0;

	stream_open();
	if (!good || !suspend_auth(&c, PROGRAM, SOON_US))
		return false;
	while (c.out.x[0] == PIL_SCM_INTERRUPTED) {
		if (try_read(at, &text) && text == word_of(GENUINE))
			(void)try_write(at, word_of(FORGED));
		timer_start(SOON_US);
		scm_resume(&c, c.out.x[6]);
		timer_take();
		n++;
	}
	good = same("it was interrupted", n > 0, true) && starts_genuine((int64_t)c.out.x[0]);
	stream_close();
	log_lacks(SAYS_FORGED);
	return good;
}

/* one bit of what the host copied, at the start, the middle and the end of each segment */
static bool bit_flipped_before_auth(void)
{
	static const uint64_t offsets[] = { 0, 0x80, 0x17f, 0x1000, 0x107f };
	bool good = true;
	size_t i = 0;

	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		good = place_image(SMALL) && good;
		*(volatile uint8_t *)(VIRT_ADSP_MEM + offsets[i]) ^= (uint8_t)(1u << i);
		good = same("AUTH_AND_RESET", pas_auth(), PIL_SCM_EINVAL) && good;
	}
	log_counts("AUTH_AND_RESET refused: HASH_SEGMENT", 5, 5);
	return good;
}

static bool flipped_between_phases(void)
{
	const struct archive_entry *e = archive_find(SMALL);
	uint64_t metadata = archive_metadata(e, 0);
	bool good = same("INIT_IMAGE", pas_init_image(metadata), 0);

	memset((void *)metadata, 0xff, ARCHIVE_METADATA);
	archive_copy_memory(e);
	good = same("MEM_SETUP", pas_mem_setup(e->place, e->span), 0) && good;
	/* the image lies there already; moving it away between MEM_SETUP and AUTH is a change like any other */
	memmove((void *)(e->place + 16), (void *)e->place, e->memory_size);
	good = same("AUTH_AND_RESET of what was moved", pas_auth(), PIL_SCM_EINVAL) && good;
	return same("the metadata is of no use any more", pas_mem_setup(e->place, e->span), PIL_SCM_EINVAL) && good;
}

const struct attack race_attacks[] = {
	{ "elf_header_changes_while_it_is_copied", "what is checked and what is used is one copy: refused or genuine",
	  headers_change, 0 },
	{ "program_header_changes_while_it_is_copied",
	  "what is checked and what is used is one copy: refused or genuine", hash_program_header_changes, 0 },
	{ "hash_table_changes_while_it_is_copied",
	  "what was signed and what is compared is one copy: refused or genuine", hash_table_changes, 0 },
	{ "certificates_change_while_they_are_copied", "what is verified is one copy: refused or genuine",
	  certificates_change, 0 },
	{ "answer_pointer_changes_in_the_argument_page",
	  "the pointer is read once: it is refused, or it is the good one", answer_pointer_changes, HOST_CALLS },
	{ "answer_size_changes_in_the_argument_page", "the size is read once: it is refused, or it is the good one",
	  answer_size_changes, HOST_CALLS },
	{ "resource_table_changes_while_it_is_checked",
	  "the table is copied once, and its entries are counted in the copy", table_changes, HOST_CALLS },
	{ "answer_changes_while_it_is_written", "what is written is never read back", answer_changes, HOST_CALLS },
	{ "segment_flips_fast_while_auth_runs", "AUTH refuses, or what runs is genuine and stays so", text_flips_fast,
	  NEEDS_LOCK },
	{ "segment_flips_slowly_while_auth_runs", "AUTH refuses, or what runs is genuine and stays so",
	  text_flips_slowly, NEEDS_LOCK },
	{ "segment_flips_after_auth", "what runs does not change when the carve-out does", text_flipped_after_auth,
	  NEEDS_LOCK },
	{ "code_is_overwritten_while_it_runs", "what runs does not change when the carve-out does", code_overwritten,
	  NEEDS_LOCK },
	{ "segment_flips_at_every_interruption_of_auth", "AUTH refuses, or what runs is genuine",
	  text_flips_at_interruptions, 0 },
	{ "one_bit_flips_before_auth", "AUTH refuses each", bit_flipped_before_auth, 0 },
	{ "everything_changes_between_the_phases",
	  "metadata is not read again after INIT_IMAGE; segments count as they are at AUTH", flipped_between_phases,
	  0 },
	{ NULL, NULL, NULL, 0 },
};
