/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What becomes of every StreamID of a board: who owns it, and where its accesses lead from the moment on at which the IOMMU changes
 * hands, in each arrangement.
 */
#ifndef PILOT_TOOL_BOARD_STREAMS_H
#define PILOT_TOOL_BOARD_STREAMS_H

#include <jansson.h>

#include "board/model.h"

/** enum streams_arrangement - who is at EL2 */
enum streams_arrangement {
	STREAMS_OWNER = 0, /* the host, which owns the IOMMU */
	STREAMS_GUEST,	   /* a hypervisor, which does */
	STREAMS_TEE,	   /* the host owns the IOMMU, the TEE's service its processors */
	STREAMS_ARRANGEMENTS
};

/** enum stream_fate - where accesses lead */
enum stream_fate {
	FATE_ABORT = 0,	 /* nowhere: they fault, or vanish */
	FATE_BYPASS,	 /* anywhere: boot firmware left a stream-match register, which stays, in bypass */
	FATE_IDENTITY,	 /* anywhere: the owner's driver wants it so */
	FATE_TRANSLATED, /* where a table says, which is empty until its owner maps something */
	FATE_REFUSED,	 /* the owner cannot have the stream: it overlaps another */
	FATE_SECURE,	 /* the secure world's firewall decides */
	FATE_UNMANAGED,	 /* nobody takes the IOMMU over: as boot firmware left it */
	FATE_UNKNOWN,	 /* another kind of IOMMU: its own driver's matter */
	STREAM_FATES
};

/**
 * struct stream_outcome - in one arrangement
 * @first: once the IOMMU has its owner, until the stream's owner comes
 * @then:  from then on
 * @note:  what is to be known besides, a sentence without ".", or NULL
 */
struct stream_outcome {
	enum stream_fate first;
	enum stream_fate then;
	const char *note;
};

/**
 * struct inherited_group - a stream-match register that boot firmware left valid
 * @iommu: in which SMMU
 * @group: its number, where @numbered
 * @s2cr:  SMMU_S2CRn, where @has_s2cr
 * @line:  of the file
 */
struct inherited_group {
	int iommu;
	bool numbered;
	unsigned int group;
	uint32_t sid;
	uint32_t mask;
	bool has_s2cr;
	uint32_t s2cr;
	unsigned int line;
};

/**
 * struct stream_row - StreamIDs with one fate
 * @stream:  of the model; NULL: no node's, only left by boot firmware
 * @group:   register that boot firmware left and that matches all of it, or NULL
 */
struct stream_row {
	int iommu;
	uint32_t sid;
	uint32_t mask;
	uint32_t count;
	const struct stream *stream;
	const struct inherited_group *group;
	struct stream_outcome outcome[STREAMS_ARRANGEMENTS];
};

/**
 * struct streams - all rows, by IOMMU, then StreamID
 * @groups: @group_count registers that boot firmware left
 */
struct streams {
	const struct board_model *model;
	unsigned int group_count;
	struct inherited_group *groups;
	unsigned int count;
	struct stream_row *rows;
	struct pool pool;
};

/** streams_read_inherited() - read what boot firmware left, pilot-board(1) has the format; complains and returns false */
bool streams_read_inherited(struct streams *s, const struct board_model *m, const char *path);

/** streams_inherit() - the same from memory; @name is for messages */
bool streams_inherit(struct streams *s, const struct board_model *m, const char *name, const char *text, size_t size);

/** streams_work_out() - fill in the rows; @s is all zero, or has groups. streams_free() releases all. */
void streams_work_out(struct streams *s, const struct board_model *m);
void streams_free(struct streams *s);

/** streams_fate_linux() - outcomes where Linux owns the IOMMUs; streams_fate_hypervisor(): where Pilot's hypervisor does */
void streams_fate_linux(struct streams *s, enum streams_arrangement arrangement);
void streams_fate_hypervisor(struct streams *s);

/** streams_is_own() - a stream of a peripheral's own accesses, as opposed to those of devices that its driver drives */
bool streams_is_own(const struct board_model *m, const struct stream *stream);

/** stream_owner_text() - who owns it: a peripheral's short name, and the node within it; "nobody"; in memory of the pool */
const char *stream_owner_text(struct streams *s, const struct stream *stream);

/** streams_text() - printf() into memory that lives as long as @s */
const char *streams_text(struct streams *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** stream_fate_name() - "abort", "bypass", ...: as in JSON documents; streams_arrangement_name() - "owner", "guest", "tee" */
const char *stream_fate_name(enum stream_fate fate);
const char *streams_arrangement_name(enum streams_arrangement arrangement);

/** streams_print() - for people; @only: one arrangement, STREAMS_ARRANGEMENTS: all. streams_json(): docs/schema/board-streams.json */
void streams_print(struct streams *s, enum streams_arrangement only);
json_t *streams_json(struct streams *s, enum streams_arrangement only);

#endif
