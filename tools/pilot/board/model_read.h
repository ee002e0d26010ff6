/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that read a model share. */
#ifndef PILOT_TOOL_BOARD_MODEL_READ_H
#define PILOT_TOOL_BOARD_MODEL_READ_H

#include "board/model.h"

#define MODEL_PROBLEMS	  1000u /* recorded, at most */
#define MODEL_PERIPHERALS 2048u /* likewise, and so on */
#define MODEL_STREAMS	  16384u
#define MODEL_REGIONS	  16384u

/** model_problem() - record something that makes no sense; @property may be NULL */
void model_problem(struct board_model *m, int node, const char *property, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** model_list_problem() - record how reading entry @index of a list ended, unless it is TREE_END */
void model_list_problem(struct board_model *m, int node, const char *property, unsigned int index,
			enum tree_result result);

/** model_read_memory() - memory, reserved memory; model_read_iommus(); model_read_streams() after peripherals */
void model_read_memory(struct board_model *m);
void model_read_iommus(struct board_model *m);
void model_read_peripherals(struct board_model *m);
void model_read_streams(struct board_model *m);

/** struct list_kind - a list of phandles with arguments, and the list of its names; @pairs: a name is for two entries */
struct list_kind {
	const char *property;
	const char *cells;
	const char *names;
	bool pairs;
};

/** model_read_list() - read such a list of a node */
void model_read_list(struct board_model *m, int node, const struct list_kind *kind, struct references *out);

/** model_read_interrupts() - interrupts-extended, or interrupts with the parent filled in */
void model_read_interrupts(struct board_model *m, int node, struct references *out);

/** model_read_service() - who starts a peripheral, and its id there */
void model_read_service(struct board_model *m, struct peripheral *p);

#endif
