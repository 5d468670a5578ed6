/*
 * The one table of quantities: everything that can be asked about a layer or a network. Columns of
 * reports and batches, claims, wants, workings and totals in JSON are all rows of it.
 */
#ifndef CNN_MEASURE_QUANTITY_H
#define CNN_MEASURE_QUANTITY_H

#include "base/error.h"
#include "base/json.h"
#include "base/trace.h"
#include "measure/checkpoint.h"
#include "measure/field.h"
#include "measure/memory.h"
#include "measure/training.h"
#include "net/network.h"

typedef enum cnn_quantity_kind {
    CNN_QUANTITY_COUNT,
    CNN_QUANTITY_SIZE, /* channels x height x width */
    CNN_QUANTITY_PAIR  /* a fraction for each axis */
} cnn_quantity_kind;

/* The value of a quantity, or what a mistake makes of it. */
typedef struct cnn_answer {
    cnn_quantity_kind kind;
    int64_t count;
    cnn_shape shape;
    cnn_fraction pair[CNN_AXES]; /* a number for each axis */
    int32_t axes;                /* of the pair */
    int32_t numbers;             /* of the pair: 1 when all are equal; 0: there is no answer */
    int32_t only;                /* of the pair for a sequence: its axis, from 1; otherwise 0 */
} cnn_answer;

/* The part of a network that is asked about: the layers [first, end). */
typedef struct cnn_subject {
    int32_t first;
    int32_t end;
    int32_t item;     /* the row's number when it adds several layers up; 0: it does not */
    bool total;       /* all layers */
    bool without_aux; /* all layers except auxiliary heads */
} cnn_subject;

/* What the quantities of a network are computed from. */
typedef struct cnn_numbers {
    const cnn_network *net;
    const cnn_field *fields;  /* NULL: not computed */
    const cnn_memory *memory; /* NULL: not computed */
    int64_t samples;
    int64_t value_bytes;
    int32_t weight_bits;        /* of a weight; biases of weights below 16 bits have 32 */
    int64_t ram;                /* values of one block for all activations; 0: not computed, */
                                /* -1: they cannot be placed */
    int64_t ram_bound;          /* values alive at once in the order of that block */
    cnn_text dtype;             /* whose bytes these are */
    const cnn_kept_value *kept; /* NULL: not computed */
    cnn_training_sums training; /* computed with it, */
    int64_t kept_total;         /* and this, in bytes; -1: it does not fit into 64 bits */
    int64_t train_peak;         /* in bytes; -1: it does not fit into 64 bits, or is not computed */
    cnn_training_way way;
    cnn_text checkpoint;  /* what is computed again, see checkpoint.h; empty: nothing */
    const int32_t *parts; /* the same for each layer; NULL: nothing is, or not computed */
    bool trains;          /* an optimizer was named: the memory of training is shown */
    int64_t effort;       /* of cnn_numbers_prepare, in layers read; see cnn_network_read_counted */
} cnn_numbers;

/* The names of the data types, from place 0; NULL after the last. */
const char *cnn_dtype_at(size_t place);

/* Starts from a network; `dtype` empty: "f32", `samples` 0: 1. False: an unknown dtype. */
bool cnn_numbers_begin(cnn_numbers *out, const cnn_network *net, cnn_text dtype, int32_t samples,
                       cnn_error *err);

/* Chooses how it is trained; empty texts: "none" on "cpu". False: an unknown name. */
bool cnn_numbers_train(cnn_numbers *numbers, cnn_text optimizer, cnn_text device,
                       cnn_text checkpoint, cnn_error *err);

/* Finds the parts that are computed again. False: out of memory, or the network has no such. */
bool cnn_numbers_checkpoint(cnn_numbers *numbers, cnn_arena *arena, cnn_error *err);

/* Work that a quantity needs done once for the whole network. */
enum {
    CNN_NEEDS_FIELDS = 1,
    CNN_NEEDS_MEMORY = 2,
    CNN_NEEDS_KEPT = 4,
    CNN_NEEDS_RAM = 8,
    CNN_NEEDS_TRAIN_PEAK = 16, /* goes with CNN_NEEDS_KEPT */
    CNN_NEEDS_TRAINED = 32     /* sums of what is trained, which need no sizes */
};

/* Does it, in `arena`. False: out of memory, or receptive fields do not fit. */
bool cnn_numbers_prepare(cnn_numbers *numbers, uint32_t needs, cnn_arena *arena, cnn_error *err);

/* Takes what was found out about the values that are kept, once `training` is filled in. */
void cnn_numbers_take_kept(cnn_numbers *numbers, const cnn_kept_value *kept);

/* How much of kept values is in memory: samples and bytes. */
cnn_kept_form cnn_numbers_kept_form(const cnn_numbers *numbers);

/* Where a quantity is shown unless others are named. */
enum {
    CNN_IN_TABLE = 1,
    CNN_IN_JSON = 2,
    CNN_IN_TOTALS = 4,
    CNN_IN_BATCH = 8,
    CNN_IF_FROZEN = 16 /* only of a network with frozen parameters */
};

/* Whether something that is `shown` so is shown at `where`, one of the above. */
static inline bool cnn_is_shown(uint32_t shown, uint32_t where, const cnn_network *net)
{
    return (shown & where) != 0 && ((shown & CNN_IF_FROZEN) == 0 || net->totals.frozen > 0);
}

/* The bit of a step of trace.h in cnn_quantity.steps. */
#define CNN_STEP_BIT(kind) (1u << CNN_STEP_##kind)

/* A sentence that a working begins with, because exercises disagree about it. */
typedef struct cnn_convention {
    const char *sentence; /* NULL: none */
    const char *when;     /* it applies when the network has any of this quantity; NULL: always */
    uint32_t axes;        /* it is for inputs of so many axes, a bit each; 0: for all */
} cnn_convention;

/* What its share of the whole is called, as a column and as a key; NULL: it does not add up. */
typedef struct cnn_share_names {
    const char *percent;
    const char *key;
} cnn_share_names;

typedef struct cnn_quantity {
    const char *name;
    cnn_share_names share;
    const char *words; /* other names that people write, separated by blanks */
    const char *title; /* of its column in tables */
    const char *noun;  /* in sentences */
    const char *whole; /* its total in sentences; NULL: as `noun` */
    const char *brief; /* in help */
    cnn_quantity_kind kind;
    uint32_t shown;
    uint32_t needs;
    bool with_input; /* the input counts too: it has a row and is part of the total */
    bool scaled;     /* depends on the data type or the samples */
    bool bytes;      /* counts bytes */
    bool work;       /* operations, for which the factor 2 is confused */
    bool by_layer;   /* does not follow from the sums of all layers */
    bool sizes;      /* follows from sizes alone, whatever the parameters */
    /* One of the first four. Of a layer: it adds up. False: it does not fit. The trace may be NULL;
     * it is told the steps that resolving the layer does not tell. */
    bool (*count)(const cnn_layer *layer, const cnn_numbers *numbers, const cnn_trace *trace,
                  int64_t *out);
    const cnn_shape *(*size)(const cnn_layer *layer);
    bool (*pair)(const cnn_field *field, const cnn_layer *layer, cnn_fraction *out);
    /* Of the whole network only; or a layer's count added up before. */
    bool (*network)(const cnn_numbers *numbers, int64_t *out);
    /* The network's total where it is known without its layers; NULL: it is not. */
    int64_t (*total)(const cnn_network *net);
    const char *from; /* the quantities that it is computed from, separated by blanks */
    int64_t factor;   /* it is so many times `from`; 0: it is not that simple */
    uint32_t steps;   /* the steps that explain it, besides those its `count` tells */
    cnn_convention conventions[3];
} cnn_quantity;

extern const cnn_quantity cnn_quantities[];
extern const size_t cnn_quantity_count;

/* By its name or one of its words; NULL: nothing is called that. */
const cnn_quantity *cnn_quantity_find(cnn_text name);

/* The same for a name of ours, which exists. */
const cnn_quantity *cnn_quantity_named(const char *name);

/* Whether `what` is computed from `other`. */
bool cnn_quantity_uses(const cnn_quantity *what, const cnn_quantity *other);

/* Whether `a` comes first when one follows from the other. */
bool cnn_quantity_before(const cnn_quantity *a, const cnn_quantity *b);

/* The answer for `subject` when the network's layers are `layers`. False: it has none, or it does
 * not fit. The one place where counts are added up. */
bool cnn_answer_of(const cnn_quantity *what, const cnn_subject *subject, const cnn_layer *layers,
                   const cnn_numbers *numbers, cnn_answer *out);

/* The same for a count: its sum. */
bool cnn_sum_of(const cnn_quantity *what, const cnn_subject *subject, const cnn_layer *layers,
                const cnn_numbers *numbers, int64_t *out);

/* The count of the whole network, read where the network has it, else added up. */
bool cnn_total_of(const cnn_quantity *what, const cnn_numbers *numbers, int64_t *out);

/* A count of one layer; false: it has none, or it does not fit. */
bool cnn_layer_count(const cnn_quantity *what, const cnn_layer *layer, const cnn_numbers *numbers,
                     int64_t *out);

/* Whether a layer has any: a size of its own, or a count above 0. */
bool cnn_quantity_has(const cnn_quantity *what, const cnn_layer *layer, const cnn_numbers *numbers);

/* Percent with one decimal, rounded to nearest: tenths of a percent. False: the whole is 0. */
bool cnn_share_of(int64_t part, int64_t whole, cnn_fraction *out);

/* Of counts or sizes. */
bool cnn_answer_equal(const cnn_answer *a, const cnn_answer *b);

/* The error of a total that does not fit into 64 bits. */
bool cnn_fail_overflow(cnn_error *err, const cnn_quantity *what, const cnn_network *net);

/* 7, 0.5, 1/3: an exact decimal where there is one with up to six digits. */
void cnn_fraction_put(cnn_out *out, cnn_fraction fraction);

/* The same in JSON: a number, or a string where it is no such decimal. */
void cnn_fraction_json(cnn_json *json, const char *key, cnn_fraction fraction);

/* Numbers of axes: "7", "7x5"; as a list [7,5].
 */
void cnn_pair_put(cnn_out *out, const cnn_fraction *pair, int32_t count, bool json);

cnn_subject cnn_subject_layer(int32_t index);
cnn_subject cnn_subject_total(const cnn_network *net);

/* Whether it is about one layer. */
bool cnn_subject_single(const cnn_subject *subject);

#endif
