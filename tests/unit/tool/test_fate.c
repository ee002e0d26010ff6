/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What 'pilot board streams' says of Linux and an SMMUv2 is what happens: random registers that boot firmware left, random streams of
 * devices, in the simulation of Linux's driver on the model of an SMMUv2 (boards/model), access by access.
 */
#include "expect.h"

#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "../../../boards/model/smmuv2.h"
#include "../../../tools/pilot/board/streams.h"
#include "../../../tools/pilot/board/tree_merge.h"
#include "../../../tools/pilot/pilot.h"

#define DEVICES 4u
#define LEFT	3u
#define IDS	0x80u /* StreamIDs that are tried */
#define ROUNDS	3000u

/** struct set - StreamIDs of a device, or of a register */
struct set {
	uint32_t sid;
	uint32_t mask;
	bool enabled;
};

/** struct scene - one round; @group: of the model's, that the device got, negative: refused */
struct scene {
	unsigned int left_count, device_count;
	struct set left[LEFT], device[DEVICES];
	int group[DEVICES];
	struct model_v2 smmu;
	struct model_linux linux_driver;
	struct tree tree;
	struct board_model model;
	struct streams streams;
};

static uint32_t state;

/* the same every time */
static uint32_t draw(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

void *tree_compile(const char *path, const uint8_t *text, size_t size)
{
	(void)path;
	(void)text;
	(void)size;
	return NULL;
}

static struct set draw_set(void)
{
	struct set s = { .mask = draw(3) ? draw(16) & draw(16) : draw(16), .enabled = draw(4) };

	s.sid = (draw(4) * 16 + draw(16)) & ~s.mask;
	return s;
}

static bool meet(const struct set *a, const struct set *b)
{
	return !((a->sid ^ b->sid) & ~(a->mask | b->mask));
}

/* registers that overlap each other would be firmware's mistake, and unpredictable */
static void draw_left(struct scene *s)
{
	unsigned int wanted = draw(LEFT + 1);

	while (s->left_count < wanted) {
		struct set new = draw_set();
		bool free_place = true;

		for (unsigned int i = 0; i < s->left_count; i++)
			free_place &= !meet(&new, &s->left[i]);
		if (free_place)
			s->left[s->left_count++] = new;
		else
			wanted--;
	}
}

static void cells(void *fdt, const char *name, uint32_t a, uint32_t b, uint32_t c, int count)
{
	fdt32_t big[3] = { cpu_to_fdt32(a), cpu_to_fdt32(b), cpu_to_fdt32(c) };

	assert_int_equal(fdt_property(fdt, name, big, 4 * count), 0);
}

static void write_devices(const struct scene *s, void *fdt)
{
	for (unsigned int i = 0; i < s->device_count; i++) {
		const char name[] = { 'd', (char)('0' + i), '\0' };

		assert_int_equal(fdt_begin_node(fdt, name), 0);
		cells(fdt, "iommus", 1, s->device[i].sid, s->device[i].mask, 3);
		if (!s->device[i].enabled)
			assert_int_equal(fdt_property_string(fdt, "status", "disabled"), 0);
		assert_int_equal(fdt_end_node(fdt), 0);
	}
}

static void read_tree(struct scene *s)
{
	static uint8_t fdt[4096];

	assert_int_equal(fdt_create(fdt, sizeof(fdt)), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
	assert_int_equal(fdt_begin_node(fdt, "iommu"), 0);
	assert_int_equal(fdt_property_string(fdt, "compatible", "qcom,smmu-500"), 0);
	cells(fdt, "#iommu-cells", 2, 0, 0, 1);
	cells(fdt, "phandle", 1, 0, 0, 1);
	assert_int_equal(fdt_end_node(fdt), 0);
	write_devices(s, fdt);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
	assert_true(tree_from_bytes(&s->tree, "made up", fdt, fdt_totalsize(fdt)));
	assert_true(model_read(&s->model, &s->tree));
	assert_int_equal(s->model.stream_count, s->device_count);
}

static void tell_tool(struct scene *s)
{
	char text[LEFT * 64] = "";
	size_t at = 0;

	for (unsigned int i = 0; i < s->left_count; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "group %u 0x%x 0x%x\n", i,
				       model_v2_smr(s->left[i].sid, s->left[i].mask),
				       model_v2_s2cr(PIL_SMMUV2_TRANSLATE, MODEL_V2_OLD));
	assert_true(streams_inherit(&s->streams, &s->model, "left", text, at));
	streams_work_out(&s->streams, &s->model);
}

static void run_linux(struct scene *s)
{
	model_v2_reset(&s->smmu);
	for (unsigned int i = 0; i < s->left_count; i++)
		model_v2_leave(&s->smmu, i, model_v2_smr(s->left[i].sid, s->left[i].mask),
			       model_v2_s2cr(PIL_SMMUV2_TRANSLATE, MODEL_V2_OLD));
	for (unsigned int step = 0; step < MODEL_LINUX_STEPS; step++)
		model_linux_probe(&s->linux_driver, &s->smmu, (enum model_linux_step)step);
}

static void attach_devices(struct scene *s)
{
	for (uint32_t i = 0; i < s->device_count; i++) {
		if (!s->device[i].enabled)
			continue;
		s->group[i] = model_linux_attach(&s->linux_driver, &s->smmu, s->device[i].sid, s->device[i].mask, i);
		model_v2_number(&s->smmu, i);
	}
}

static enum stream_fate fate_of(struct scene *s, uint32_t sid)
{
	uint64_t outcome = model_v2_outcome(&s->smmu, sid);

	assert_int_not_equal(outcome, 1);
	return !outcome ? FATE_ABORT : outcome == MODEL_V2_HERE ? FATE_BYPASS : FATE_TRANSLATED;
}

/* whether all StreamIDs of a row, or for one that says it is so in part at least one, have this fate now */
static bool holds(struct scene *s, const struct stream_row *row, enum stream_fate fate, bool in_part)
{
	bool some = false, all = true;

	for (uint32_t sid = 0; sid < IDS; sid++) {
		if ((sid ^ row->sid) & ~row->mask)
			continue;
		some |= fate_of(s, sid) == fate;
		all &= fate_of(s, sid) == fate;
	}
	return in_part ? some : all;
}

static bool is_partial(const struct stream_row *row)
{
	const char *note = row->outcome[STREAMS_OWNER].note;

	return row->outcome[STREAMS_OWNER].then == FATE_REFUSED || (note && strstr(note, "in part"));
}

static void check_first(struct scene *s)
{
	for (unsigned int i = 0; i < s->streams.count; i++)
		assert_true(holds(s, &s->streams.rows[i], s->streams.rows[i].outcome[STREAMS_OWNER].first,
				  is_partial(&s->streams.rows[i])));
}

static void check_then(struct scene *s)
{
	for (unsigned int i = 0; i < s->streams.count; i++) {
		const struct stream_row *row = &s->streams.rows[i];
		const struct stream_outcome *o = &row->outcome[STREAMS_OWNER];

		if (row->stream && row->stream->enabled) {
			bool refused = s->group[row->stream - s->model.streams] < 0;

			assert_int_equal(refused, o->then == FATE_REFUSED);
		}
		if (o->then != FATE_REFUSED)
			assert_true(holds(s, row, o->then, is_partial(row)));
	}
}

static void play(struct scene *s)
{
	draw_left(s);
	s->device_count = 1 + draw(DEVICES);
	for (unsigned int i = 0; i < s->device_count; i++)
		s->device[i] = draw_set();
	read_tree(s);
	tell_tool(s);
	run_linux(s);
	check_first(s);
	attach_devices(s);
	check_then(s);
	streams_free(&s->streams);
	model_free(&s->model);
	tree_close(&s->tree);
}

static void what_is_said_of_linux_happens(void **unused)
{
	(void)unused;
	for (state = 1; state <= ROUNDS; state++) {
		uint32_t seed = state;
		struct scene *s = calloc(1, sizeof(*s));

		assert_non_null(s);
		play(s);
		free(s);
		state = seed;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_of_linux_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
