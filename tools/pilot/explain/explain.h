/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pilot explain: messages of a kernel or of Pilot's secure world, and what they mean. One table (faults_*.c) has everything that
 * is known; scan.c finds candidates in a line, match.c reads their numbers, collect.c counts, relate.c says what led to what.
 */
#ifndef PILOT_EXPLAIN_H
#define PILOT_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include <pilot/error.h>

#define EXPLAIN_PATTERNS 6
#define EXPLAIN_CAUSES	 5
#define EXPLAIN_REMEDIES 4
#define EXPLAIN_LINE	 16384 /* bytes of a line that are looked at together; longer ones are cut into such pieces */
#define EXPLAIN_FAULTS	 256   /* distinct faults that are kept */
#define EXPLAIN_PER_ID	 32    /* of one entry, so that one kind of message cannot push all others out */

#define NAME_LENGTH	64
#define DETAIL_LENGTH	160
#define SAMPLE_LENGTH	240
#define FAULT_LINKS	8
#define FAULT_REGIONS	4
#define FAULT_REGISTERS 4
#define NO_FAULT	UINT32_MAX

/** enum kind - what a message is in the course of things; relate.c goes by it */
enum kind {
	KIND_FAULT,	   /* stands for itself */
	KIND_SMMU,	   /* a device's access was stopped: may lead to a crash */
	KIND_LAST_WORDS,   /* why a remote processor says that it stopped */
	KIND_CRASH,	   /* that it did */
	KIND_START,	   /* why a start failed */
	KIND_FOLLOW,	   /* comes after something else that failed */
	KIND_REFUSAL,	   /* the secure world's own reason */
	KIND_HARMLESS,	   /* looks bad and is not */
	KIND_CONTEXT,	   /* nothing bad: who is who, and that something works again */
	KIND_CONTINUATION, /* a further line of a message */
};

/** enum field - what can be read from a message; a pattern has its name in braces */
enum field {
	FIELD_NAME,   /* processor or device */
	FIELD_CLIENT, /* device that an SMMU's message names */
	FIELD_FILE,
	FIELD_TYPE,   /* one word, or a few */
	FIELD_WHAT,   /* one word that is no processor's name */
	FIELD_REASON, /* the rest of the line */
	FIELD_REQUEST,
	FIELD_SKIP, /* not kept */
	FIELD_ERROR,
	FIELD_COUNT,
	FIELD_ADDRESS,
	FIELD_SID,
	FIELD_SSID,
	FIELD_FSR,
	FIELD_FSYNR,
	FIELD_GFSYNR0,
	FIELD_GFSYNR1,
	FIELD_GFSYNR2,
	FIELD_EVENT,
	FIELD_IPA,
	FIELD_CODE,
	FIELDS,
};

/** struct entry - one row of the table: a message and what is known about it */
struct entry {
	const char *id;
	enum kind kind;
	const char *pattern[EXPLAIN_PATTERNS]; /* text with {field}; none: collect.c comes here by other means */
	const char *title;
	const char *meaning;
	const char *cause[EXPLAIN_CAUSES];    /* most likely first */
	const char *remedy[EXPLAIN_REMEDIES]; /* in the order in which to try */
};

/** struct group - rows that belong together: a section of docs/TROUBLESHOOTING.md */
struct group {
	const char *name;
	const char *title;
	const struct entry *entries;
	size_t count;
};

/* --- faults.c --- */

/* groups of the table; NULL behind the last */
const struct group *fault_group(size_t index);

/* the row called @id, which must exist */
const struct entry *fault_entry(const char *id);

/* --- line.c --- */

/** struct when - time of a message; @us: by the clock of its log, when there is one; @text: as it was written */
struct when {
	bool clock;
	uint64_t us;
	char text[40];
};

/** struct message - what is left of a line without its prefixes */
struct message {
	const char *text;
	size_t length;
	struct when when;
	uint64_t line;
	unsigned int source;
};

/**
 * line_clean() - make a line printable: escape sequences disappear, other control characters become blanks, what is not ASCII '?'
 * Return: its new length
 */
size_t line_clean(char *line, size_t length);

/**
 * line_next() - next message of a cleaned line: several can be glued together by a serial console
 * @line: all of it
 * @at:   where to go on, 0 for the first; afterwards for the next call
 * Return: false when there is no further one
 */
bool line_next(const char *line, size_t length, size_t *at, struct message *m);

/* --- scan.c --- */

struct scan;

/** struct pattern - a row's pattern; @anchor: the piece of it that scan.c looks for */
struct pattern {
	const struct entry *entry;
	const char *text;
	const char *anchor;
	size_t anchor_length;
};

/* build the automaton for all patterns of the table; NULL without memory */
struct scan *scan_new(void);
void scan_free(struct scan *scan);
const struct pattern *scan_pattern(const struct scan *scan, unsigned int index);

/* patterns whose anchor is in the text, lowest first; at most @limit of them */
unsigned int scan_find(const struct scan *scan, const char *text, size_t length, unsigned int *found,
		       unsigned int limit);

/* --- match.c --- */

struct span {
	const char *text;
	size_t length;
};

/** struct match - a message that fits a pattern; @driver and @device: of "driver device: message", empty when not there */
struct match {
	const struct entry *entry;
	struct span driver;
	struct span device;
	struct span field[FIELDS];
	uint64_t number[FIELDS];
	uint32_t have;
};

bool match_pattern(const char *pattern, const struct message *m, struct match *match);

static inline bool match_has(const struct match *match, enum field field)
{
	return match->have >> field & 1u;
}

/* @text begins with a number: its value, and how many characters; 0 when it does not. @base is 16 or 10, "0x" counts for both */
size_t match_number(const char *text, size_t length, unsigned int base, uint64_t *value);

/* --- bits.c, smmuv2.c, smmuv3.c --- */

/** struct bit - a field of a register; @mask has at least one bit; a field of one bit is told when it is set */
struct bit {
	uint64_t mask;
	const char *name;
	const char *meaning; /* {} stands for the number in wider fields */
};

/** struct decoded - what a register says */
struct decoded {
	char name[16];
	uint64_t value;
	const struct bit *bits;
};

#define DECODED_REGISTERS 4

/* the table of @name ("FSR", "FSYNR0", "GFSR", ...), ended by a mask of 0; NULL: none */
const struct bit *register_bits(const char *name);

/* the value of a field */
uint64_t bit_value(uint64_t mask, uint64_t value);

/* text of one field of @value; false when it has nothing to say */
bool bit_text(const struct bit *bit, uint64_t value, char *text, size_t size);

/* row for a context fault with this FSR */
const struct entry *smmuv2_context_entry(uint64_t fsr);

/* row for a global fault with this sGFSR */
const struct entry *smmuv2_global_entry(uint64_t gfsr);

/** struct smmuv3_event - four words of a record, taken apart */
struct smmuv3_event {
	unsigned int id;
	uint32_t sid;
	bool has_ssid;
	uint32_t ssid;
	bool has_address;
	uint64_t address;
	bool has_ipa;
	uint64_t ipa;
	bool has_fetch;
	uint64_t fetch;
	bool has_access; /* word 1 says what kind of access it was */
	bool read;
	bool instruction;
	bool privileged;
	bool stage2;
	bool stall;
	unsigned int access_class;
};

void smmuv3_decode(const uint64_t word[4], struct smmuv3_event *event);

/* name of an event, "F_TRANSLATION"; NULL when there is none of this number */
const char *smmuv3_event_name(unsigned int id);

/* its number; 0 for a name that nobody knows */
unsigned int smmuv3_event_id(const char *name, size_t length);

const struct entry *smmuv3_event_entry(unsigned int id);

/* --- codes.c --- */

/* -22: "EINVAL: invalid argument"; NULL for a number that is none */
const char *code_errno(int64_t error);

/* 0xffff0006: "BAD_PARAMETERS: ..."; NULL for an unknown one */
const char *code_tee(uint64_t result);

/* the qcom_scm driver's reading of a firmware's status; NULL for an unknown one */
const char *code_scm(int64_t status);

/* the other way round: what is behind an error number that Linux made of a status; NULL for a number that it makes of none */
const char *code_scm_errno(int64_t error);

/* --- reasons.c --- */

/** struct reason_help - what a reason of include/pilot/reasons.h means, and what to do */
struct reason_help {
	const char *section;
	const char *meaning;
};

/* false for a number that is no reason */
bool reason_help(unsigned int reason, struct reason_help *help);

/* the reason of this name; PIL_R_NONE when there is none */
unsigned int reason_by_name(const char *name, size_t length);

/* name and sentence of a reason; NULL for a number that is none */
const char *reason_name(unsigned int reason);
const char *reason_sentence(unsigned int reason);

/* reasons in the order of the documents, for --list; PIL_R_NONE behind the last */
unsigned int reason_at(size_t index);

/* the reason whose sentence is at the end of @text, with any numbers in it */
unsigned int reason_by_text(const char *text, size_t length);

/* --- board.c --- */

struct explain_board;

/* the board of a device tree with overlays; complains and returns NULL */
struct explain_board *explain_board_open(const char *path, const char *const *overlays, unsigned int count);
void explain_board_close(struct explain_board *board);

/* name of the memory region at @address, with its bounds; false: none */
bool board_region(const struct explain_board *board, uint64_t address, char *text, size_t size);

/* the peripheral (@name, may be empty) and device (@text) that own stream @sid of the SMMU called @smmu; false: it cannot be told */
bool board_owner(const struct explain_board *board, const char *smmu, uint64_t sid, char name[NAME_LENGTH],
		 char text[NAME_LENGTH]);

/* short name of the peripheral whose device is called @device; false: it is none's */
bool board_processor(const struct explain_board *board, const char *device, char name[NAME_LENGTH]);

/* --- collect.c --- */

/** struct fault - occurrences of one row that are about the same thing */
struct fault {
	const struct entry *entry;
	unsigned int source;
	char driver[NAME_LENGTH];
	char device[NAME_LENGTH];
	char processor[NAME_LENGTH];
	char client[NAME_LENGTH];  /* owner of a stream: as the kernel says, or the device tree */
	char file[NAME_LENGTH];	   /* that the message names */
	char image[DETAIL_LENGTH]; /* firmware that was being started, by earlier messages */
	char request[NAME_LENGTH];
	char detail[DETAIL_LENGTH];
	char sample[SAMPLE_LENGTH];
	bool has_sid, has_error, has_address, has_code;
	uint64_t sid;
	int64_t error;
	uint64_t code;
	uint64_t low, high; /* of the addresses */
	bool reads, writes; /* which accesses there were */
	char access[80];    /* the first, in words */
	struct decoded reg[FAULT_REGISTERS];
	unsigned int registers;
	char region[FAULT_REGIONS][NAME_LENGTH];
	unsigned int regions;
	unsigned int reason; /* of include/pilot/reasons.h */
	uint64_t count;
	struct when first, last;
	uint64_t first_line, last_line;
	uint32_t leads_to[FAULT_LINKS];
	unsigned int leads;
	uint32_t cause;		   /* NO_FAULT */
	bool guessed;		   /* the cause is near in time, and nothing else speaks for it */
	uint32_t why[FAULT_LINKS]; /* what the secure world says of the same */
	unsigned int whys;
	uint64_t recovered_line;
	struct when recovered;
};

/** struct remote - what the log says about a remote processor's names */
struct remote {
	char instance[NAME_LENGTH];  /* remoteproc0 */
	char processor[NAME_LENGTH]; /* adsp */
	char device[NAME_LENGTH];    /* 3000000.remoteproc */
	char file[NAME_LENGTH];
};

#define EXPLAIN_REMOTES 32
#define EXPLAIN_RECENT	64
#define EXPLAIN_SOURCES 2

struct occurrence {
	uint32_t fault;
	uint64_t line;
	struct when when;
};

/** struct pending - an event of an SMMUv3 whose words are still coming */
struct pending {
	bool open;
	char device[NAME_LENGTH];
	unsigned int words;
	uint64_t word[4];
	uint64_t line;
	uint32_t fault; /* once all four are there */
};

/** struct explain - everything that is known while logs are read */
struct explain {
	struct scan *scan;
	const struct explain_board *board;
	struct fault *faults;
	unsigned int count;
	uint64_t noted; /* occurrences in all of them */
	uint64_t lines[EXPLAIN_SOURCES], messages;
	const char *source_name[EXPLAIN_SOURCES];
	unsigned int sources;
	uint64_t left_out;
	struct remote remote[EXPLAIN_REMOTES];
	unsigned int remotes;
	struct occurrence recent[EXPLAIN_RECENT];
	unsigned int recents;
	struct pending pending;
	struct fault report;	/* an SMMUv2's report of several lines, as far as it has come */
	struct occurrence last; /* the newest occurrence, for lines that continue it */
};

/* false without memory; the logs' names and the board are the caller's, and the automaton if there is one already */
bool explain_begin(struct explain *x);
void explain_end(struct explain *x);

/* look at one line; it is changed */
void explain_line(struct explain *x, unsigned int source, char *line, size_t length);

/* copy what is there of a message, cut where there is no room */
void span_copy(struct span span, char *text, size_t size);

/* count an occurrence: @f has what was read of it. Returns where it is now, or NO_FAULT when there is no room */
uint32_t collect_fault(struct explain *x, const struct message *m, const struct fault *f);

/* take the newest occurrence back: a further line of the message has said more */
void collect_retract(struct explain *x);

/* fill @f with what a pattern has read */
void collect_fill(const struct message *m, const struct match *match, struct fault *f);

/* --- special.c --- */

/* messages that take more than their pattern; true when there is nothing left to do */
bool special_match(struct explain *x, const struct message *m, const struct match *match);

/* a word of an SMMUv3's event, when one is awaited */
bool special_word(struct explain *x, const struct message *m);

/* --- relate.c --- */

/* learn who is who from a message, and connect @index with what came before */
void relate_context(struct explain *x, const struct message *m, const struct match *match);
void relate_fault(struct explain *x, const struct message *m, uint32_t index);
void relate_names(struct explain *x, struct fault *f);

/* after the last line: connect Linux's failures with the secure world's reasons */
void relate_end(struct explain *x);

/* --- source.c --- */

/* read a whole log; complains and returns false when it cannot be read */
bool source_read(struct explain *x, unsigned int source, FILE *in);

/* --- print.c, json.c, list.c --- */

/* does it get a paragraph? what follows a fault that has one does not, nor what is harmless */
bool fault_stands_alone(const struct explain *x, const struct fault *f);

/* number of paragraphs */
unsigned int fault_paragraphs(const struct explain *x);

/* what happened, in a sentence or less */
void fault_headline(const struct fault *f, char *text, size_t size);

/* meaning of its error or code; NULL when there is nothing to say */
const char *fault_code_text(const struct fault *f, char *buffer, size_t size);

void explain_summary(const struct explain *x, char *text, size_t size);
void explain_print(const struct explain *x);
json_t *explain_json(const struct explain *x);
void explain_list(void);
json_t *explain_list_json(void);

#endif
