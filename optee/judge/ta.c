/* SPDX-License-Identifier: BSD-2-Clause */
/* The service of a TA. It starts with the first session: when the TA is made, nobody would hear why it cannot. */
#include <tee_internal_api_extensions.h>

#include <virt/tee_peripherals.h>

#include "pilot_ta.h"

#define PIECE (64u * 1024u) /* through which an image passes: as much as a call of the PTA's costs little for */

static void log_failure(struct pil_tee_board *board, const struct pil_why *why)
{
	char line[256] = "tee: the service does not start: ";
	size_t length = 0;

	while (line[length])
		length++;
	pil_why_text(why, line + length, sizeof(line) - length);
	if (board->board.log)
		board->board.log(&board->board, line);
	EMSG("%s (%s)", line, pil_reason_name(why->reason));
}

struct pil_pas *ta_service(struct pil_tee_board **out)
{
	static uint8_t piece[PIECE];
	static struct pil_tee_board board;
	static struct pil_pas pas;
	static bool started;
	struct pil_why why = { 0 };
	int err = 0;

	*out = &board;
	if (started)
		return &pas;
	board = (struct pil_tee_board){ .invoke = ta_pta };
	pas = (struct pil_pas){ 0 };
	err = pil_tee_board_init(&board, &virt_tee_peripherals, piece, sizeof(piece), &why);
	if (!err)
		err = pil_pas_init(&pas, &board.board, &pil_crypto_mbedtls, &why);
	if (err) {
		log_failure(&board, &why);
		return NULL;
	}
	started = true;
	return &pas;
}
