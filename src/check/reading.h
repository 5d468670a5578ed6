/* Parts of reading claims: values, subjects, lists of values. */
#ifndef CNN_CHECK_READING_H
#define CNN_CHECK_READING_H

#include "check/amount_settle.h"
#include "check/claim.h"
#include "check/layer_names.h"

/*
 * One value as a whole text: an amount, or a size such as 54x54, (90, 54, 54), 90@54x54 or
 * (None, 54, 54, 90), whose first number is the batch. The quantity `out->what` has to be able to
 * be it; an amount may name it itself where `bare`. False as cnn_amount_read.
 */
bool cnn_claim_value_all(cnn_text text, cnn_figures figures, bool bare, cnn_text all,
                         cnn_claim *out, cnn_error *err);

/* Whether a count is claimed with a fraction that no count has: 16.29 parameters. Read the other
 * way its point may separate thousands. */
bool cnn_claim_is_broken(const cnn_claim *claim);

/* Of "512*7*4096 + 4096 = 14684160" the result; of anything else all of it. */
cnn_text cnn_value_result(cnn_text text);

/* Splits at the first `at` that is not inside brackets, as cnn_text_split. */
cnn_text cnn_value_split(cnn_text *text, char at);

/* Which part of a network a name means. */
typedef struct cnn_place {
    cnn_subject of;
    cnn_subject other; /* of two that fit: the second one */
    int32_t found;     /* 0: nothing; 1; 2: two or more, which are not the same */
} cnn_place;

/* The names of the network's layers, made at the first call. NULL: out of memory. */
cnn_layer_names *cnn_claims_names(cnn_claims *claims, const cnn_network *net, cnn_error *err);

/*
 * What printed lines and people call it: "total", "layer 2 (conv3-64)", "row 1 (stem)", a label or
 * a path, a layer's text, a unique beginning of one, "conv2" for the second convolution, an index.
 * `from`: where equal names are looked for first. `steps` bounds what is compared.
 */
cnn_place cnn_place_find(cnn_layer_names *names, cnn_text name, int32_t from, int64_t *steps);

/* The subject of an index; rows are layers, or items. False: there is none. */
bool cnn_place_index(const cnn_network *net, int64_t index, bool layers, cnn_subject *out);

#endif
