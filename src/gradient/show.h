/* The formats of gradients: what each writes for a derivation, for numbers, and for claims. */
#ifndef CNN_GRADIENT_SHOW_H
#define CNN_GRADIENT_SHOW_H

#include "base/json.h"
#include "gradient/derive.h"
#include "gradient/gradient_claim.h"

/* Scratch memory that is enough for reading any one formula. */
enum { CNN_SHOW_FORMULA = 1 << 14 };

typedef struct cnn_show {
    const cnn_chain *chain;
    const cnn_point *point; /* of numbers */
    const cnn_deviation *deviation;
    bool with_values;                /* x, y, W1, ... are shown too */
    const cnn_gradient_sheet *sheet; /* of claims */
    cnn_arena scratch;
    cnn_out *out;
    cnn_json *json; /* of the format with this name */
} cnn_show;

typedef struct cnn_show_format {
    void (*derivation)(cnn_show *show);
    void (*numbers)(cnn_show *show);
    void (*claims)(cnn_show *show);
} cnn_show_format;

extern const cnn_show_format cnn_show_text, cnn_show_markdown, cnn_show_latex, cnn_show_json;

/* Calls `put` for every line of the forward (backward) pass. */
void cnn_show_each(cnn_show *show, bool backward,
                   void (*put)(cnn_show *show, const cnn_line *line));

#endif
