/*
 * Mistaken receptive fields of a chain. Right is, from the first layer on, r = r + (F - 1) j and
 * j = j s, with r = j = 1 before it.
 */
#include "base/checked.h"
#include "check/slip_count.h"

/* The layers from the input to `index`, one behind the other. False: there are branches. */
typedef struct chain {
    const cnn_layer *layers;
    int32_t index;
} chain;

/* What a layer adds to the field; identity for those that see only their own place. */
static bool reach_of(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    *out = (cnn_reach){1, 1, 1, 0, 1, 1};
    if (layer->in.axes == 0 || layer->op->reach == NULL) {
        return layer->branches == NULL;
    }
    (void)layer->op->reach(layer, axis, out); /* the right field is known */
    return out->stride_den == 1;
}

/* Folds the layers from the first to `index`; they have to be a chain, each reading the one before
 * it. */
static bool fold(const chain *at, int32_t axis,
                 bool (*step)(const cnn_reach *reach, int64_t *field, int64_t *jump), int64_t *out)
{
    int64_t jump = 1;
    *out = 1;
    for (int32_t i = 1; i <= at->index; i++) {
        const cnn_layer *layer = &at->layers[i];
        cnn_reach reach;
        if (layer->source_count != 1 || layer->sources[0] != i - 1 ||
            !reach_of(layer, axis, &reach) || !step(&reach, out, &jump)) {
            return false;
        }
    }
    return true;
}

static bool product_step(const cnn_reach *reach, int64_t *field, int64_t *jump)
{
    (void)jump;
    return cnn_checked_mul(*field, reach->extent, field);
}

bool cnn_slip_field_product(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, product_step, out);
}

/* `jump` is 1 before the first kernel, and 0 after it. */
static bool sum_step(const cnn_reach *reach, int64_t *field, int64_t *jump)
{
    if (reach->extent == 1) {
        return true; /* functions of each value have no kernel to add */
    }
    *field -= *jump;
    *jump = 0;
    return cnn_checked_add(*field, reach->extent, field);
}

bool cnn_slip_field_sum(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, sum_step, out);
}

/* No more than the right field, which fits. */
static bool no_jump_step(const cnn_reach *reach, int64_t *field, int64_t *jump)
{
    (void)jump;
    *field += reach->extent - 1;
    return true;
}

bool cnn_slip_field_no_jump(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, no_jump_step, out);
}

/* The jump is the right one, which fits. */
static bool own_stride_step(const cnn_reach *reach, int64_t *field, int64_t *jump)
{
    int64_t more;
    *jump *= reach->stride_num;
    return cnn_checked_mul(reach->extent - 1, *jump, &more) && cnn_checked_add(*field, more, field);
}

bool cnn_slip_field_own_stride(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, own_stride_step, out);
}

/* r = (r - 1) s + F is right from the last layer to the first, not from the first to the last. */
static bool backwards_step(const cnn_reach *reach, int64_t *field, int64_t *jump)
{
    (void)jump;
    return cnn_checked_mul(*field - 1, reach->stride_num, field) &&
           cnn_checked_add(*field, reach->extent, field);
}

bool cnn_slip_field_backwards(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, backwards_step, out);
}
