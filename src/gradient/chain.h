/* A network as a chain of functions with named values: x, W1, b1, z1, a1, ..., y, l. */
#ifndef CNN_GRADIENT_CHAIN_H
#define CNN_GRADIENT_CHAIN_H

#include <string.h>

#include "base/names.h"
#include "gradient/rule.h"

/* What a named value is. */
typedef enum cnn_value_kind {
    CNN_VALUE_INPUT,   /* x */
    CNN_VALUE_TARGET,  /* y: wanted output, or the class as zeros and a one */
    CNN_VALUE_WEIGHTS, /* W1, W2, ...: numbered over the layers that have weights */
    CNN_VALUE_BIASES,
    CNN_VALUE_OUTPUT, /* of a layer: z1, a1, p1, v1; the second a after the same z is a1_2 */
    CNN_VALUE_LOSS    /* l */
} cnn_value_kind;

/* Vectors and maps have one column; a map is listed channel by channel. Weights have a row for each
 * unit or filter. */
typedef struct cnn_dims {
    int64_t rows, columns;
    cnn_shape map; /* axes 0: it is not a map */
} cnn_dims;

typedef struct cnn_value {
    char slope_name[32];    /* dl/dW1 */
    const char *name;       /* W1, which is its end */
    char symbol;            /* name = symbol number _ repeat */
    int32_t number, repeat; /* -1, 1: not shown */
    cnn_value_kind role;
    cnn_dims dims;
    int64_t at;   /* its first value in the arrays of a point */
    int32_t step; /* of weights, biases and outputs */
} cnn_value;

/* A layer of the chain; values by their index in `quantities`, -1: none. */
typedef struct cnn_link {
    const cnn_layer *layer;
    const cnn_rule *rule;
    int32_t in, out, weights, biases;
    int64_t work; /* of the forward pass, in multiply-adds: about half a nanosecond each */
} cnn_link;

/* What y is: any numbers, a class (zeros and a one) at each position, or parts from 0 to 1. */
typedef enum cnn_target { CNN_TARGET_ANY, CNN_TARGET_CLASS, CNN_TARGET_PART } cnn_target;

typedef struct cnn_loss {
    const char *name, *aliases;
    const char *formula, *slope_formula; /* {out} is the network's output, {count} its size */
    cnn_target target;
    double (*value)(const double *a, const double *y, const cnn_dims *dims);
    void (*slope)(const double *a, const double *y, const cnn_dims *dims, double *out);
    /* The function that the loss applies by itself, so that its derivative cancels; or NULL. */
    const cnn_rule *applies;
    const cnn_rule *takes; /* the function that must come before it; NULL: any */
    const char *one_unit;  /* the loss to use in its place where there is one output; or NULL */
} cnn_loss;

extern const cnn_loss cnn_losses[];
extern const size_t cnn_loss_count;

/* By its name, the first for no name; NULL with an error: there is none. */
const cnn_loss *cnn_loss_find(cnn_text name, cnn_error *err);

/* Whether it can be the loss of a network that ends with this layer. */
bool cnn_loss_fits(const cnn_loss *loss, const cnn_layer *last, cnn_error *err);

typedef struct cnn_chain {
    const cnn_network *net;
    const cnn_loss *loss;
    double scale; /* of the loss: 1, unless a sheet states its own */
    cnn_link *steps;
    int32_t step_count;
    cnn_value *quantities; /* x, then those of each step in order, then y and l */
    int32_t quantity_count;
    int32_t output, target, loss_at; /* indices of quantities */
    cnn_names names;                 /* value: the quantity */
    int64_t values;                  /* in all quantities together; at most INT64_MAX */
    int64_t work;                    /* multiply-adds of a forward pass, roughly; likewise */
} cnn_chain;

/* Beyond these a network is derived, but not computed. */
enum { CNN_GRADIENT_VALUES = 1 << 22, CNN_GRADIENT_WORK = 1 << 28 };

/* Longer chains are not derived either. */
enum { CNN_GRADIENT_LAYERS = 50000 };

/* False: too many layers, a layer that cannot be differentiated, a branch, an unknown loss. */
bool cnn_chain_make(cnn_chain *chain, const cnn_network *net, cnn_text loss, cnn_arena *arena,
                    cnn_error *err);

/* False when numbers for the chain would cost more than the given limits. */
bool cnn_chain_affordable(const cnn_chain *chain, int64_t values, int64_t work, cnn_error *err);

static inline const cnn_value *cnn_link_value(const cnn_chain *chain, int32_t index)
{
    return index < 0 ? NULL : &chain->quantities[index];
}

/* The part of the list that its layers take. */
cnn_span cnn_chain_span(const cnn_chain *chain);

/* W1, or dl/dW1 */
static inline cnn_text cnn_value_name(const cnn_value *q, bool slope)
{
    const char *name = slope ? q->slope_name : q->name;
    return (cnn_text){name, strlen(name)};
}

int64_t cnn_dims_count(const cnn_dims *dims);

/* ---- numbers ---- */

/* The values of all quantities, and the derivatives of the loss with respect to them. */
typedef struct cnn_point {
    double *value, *slope;
} cnn_point;

bool cnn_point_make(const cnn_chain *chain, cnn_point *point, cnn_arena *arena, cnn_error *err);

/* Values for x, y and all weights and biases, from a seed. */
void cnn_point_random(const cnn_chain *chain, const cnn_point *point, uint64_t seed);

/* y at a position, of which a vector has one: 1 for the class, and 0 for the others. */
void cnn_point_set_class(const cnn_chain *chain, const cnn_point *point, int64_t position,
                         int64_t class_index);

/* What a step works on; `back`: with the slopes. */
cnn_pass cnn_chain_pass(const cnn_chain *chain, const cnn_point *point, int32_t step, bool back);

/* The outputs of the steps from `first` on, and the loss. */
void cnn_chain_forward(const cnn_chain *chain, const cnn_point *point, int32_t first);

/* All slopes. `mistake` (may be NULL) is called when a step's slopes are done, with step_count for
 * the loss, before they go on to the steps before. */
typedef struct cnn_backward_hook {
    void (*apply)(const cnn_chain *chain, const cnn_point *point, int32_t step, const void *user);
    const void *user;
} cnn_backward_hook;

void cnn_chain_backward(const cnn_chain *chain, const cnn_point *point,
                        const cnn_backward_hook *mistake);

/* The first quantity with a value or a slope that is not finite; NULL: there is none. */
const cnn_value *cnn_point_infinite(const cnn_chain *chain, const cnn_point *point);

/*
 * Central differences (l(v + h) - l(v - h))/2h for the values of x, weights and biases: the largest
 * distance from the computed slopes, relative to the largest slope of the same quantity where that
 * is above 1. When all values would cost too much, evenly spread ones are taken, and those beside
 * which the loss is not finite are left out: `checked` of `all`. `room` is for as many values as
 * the chain has.
 */
typedef struct cnn_deviation {
    double largest;
    int64_t checked, all;
} cnn_deviation;

cnn_deviation cnn_chain_deviation(const cnn_chain *chain, const cnn_point *point, double *room);

/* Whether gradients are asked for with respect to it: x, weights, biases. */
static inline bool cnn_is_variable(const cnn_value *q)
{
    return q->role == CNN_VALUE_INPUT || q->role == CNN_VALUE_WEIGHTS ||
           q->role == CNN_VALUE_BIASES;
}

#endif
