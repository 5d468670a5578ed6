/* What answers are about: the sizes and counts of a layer, of several, or of the whole network. */
#ifndef CNN_HOMEWORK_MEASURE_H
#define CNN_HOMEWORK_MEASURE_H

#include "net/field.h"
#include "net/network.h"

typedef enum cnn_measure_kind {
    CNN_MEASURE_COUNT,
    CNN_MEASURE_SIZE, /* channels x height x width */
    CNN_MEASURE_PAIR  /* a fraction for each axis */
} cnn_measure_kind;

/* The right answer to something, or what a mistake makes of it. */
typedef struct cnn_answer {
    cnn_measure_kind kind;
    int64_t count;
    cnn_shape shape;
    cnn_fraction pair[2];
    int32_t numbers; /* of the pair: 1 or 2; 0: there is no answer */
} cnn_answer;

/* What an answer is about: the layers [first, end). */
typedef struct cnn_subject {
    int32_t first;
    int32_t end;
    int32_t item;     /* the row's number when it adds several layers up; 0: it does not */
    bool total;       /* of all layers */
    bool without_aux; /* of all layers but the auxiliary heads */
} cnn_subject;

/* What the answers are computed from. */
typedef struct cnn_numbers {
    const cnn_network *net;
    const cnn_field *fields; /* NULL: receptive fields are not known */
    int64_t samples;         /* for memory */
    int64_t value_bytes;
} cnn_numbers;

typedef struct cnn_measure {
    const char *name;
    const char *words; /* other names, separated by blanks */
    const char *noun;  /* in sentences */
    cnn_measure_kind kind;
    bool with_input; /* the total counts the input too */
    bool work;       /* operations, for which the factor 2 is confused */
    bool sizes;      /* of the kind of a size: what enters and leaves, and the values */
    /* One of these, by kind. */
    int64_t (*count)(const cnn_layer *layer, const cnn_numbers *numbers);
    const cnn_shape *(*size)(const cnn_layer *layer);
    bool (*pair)(const cnn_field *field, const cnn_layer *layer, cnn_fraction *out);
    const char *base; /* this measure is `factor` times another one */
    int64_t factor;
} cnn_measure;

/* In the order in which one follows from the other. */
extern const cnn_measure cnn_measures[];
extern const size_t cnn_measure_count;

/* NULL: nothing is called that. */
const cnn_measure *cnn_measure_find(cnn_text name);

/* The answer for `subject` when the network's layers are `layers`. False: it has none, or it does
 * not fit. */
bool cnn_answer_of(const cnn_measure *measure, const cnn_subject *subject, const cnn_layer *layers,
                   const cnn_numbers *numbers, cnn_answer *out);

/* Whether a layer has any: a size of its own, or a count above 0. */
bool cnn_measure_has(const cnn_measure *measure, const cnn_layer *layer,
                     const cnn_numbers *numbers);

/* Of counts or sizes. */
bool cnn_answer_equal(const cnn_answer *a, const cnn_answer *b);

cnn_subject cnn_subject_layer(int32_t index);
cnn_subject cnn_subject_total(const cnn_network *net);

/* Whether it is about one layer. */
bool cnn_subject_single(const cnn_subject *subject);

#endif
