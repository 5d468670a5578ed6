/*
 * Mistaken receptive fields of a chain. Right is, from the first layer on, r = r + (e - 1) j and
 * j = j s, with r = j = 1 before it; e is what a window covers.
 */
#include "base/checked.h"
#include "check/mistake.h"

/* The layers from the input to `index`, one after the other. */
typedef struct chain {
    const cnn_layer *layers;
    int32_t index;
} chain;

/* A layer as the folding sees it: its reach, and its kernel without the dilation. */
typedef struct link {
    cnn_reach reach;
    int64_t kernel;
} link;

/* What a layer adds to the field; identity for those that see only their own place. */
static bool link_of(const cnn_layer *layer, int32_t axis, link *out)
{
    *out = (link){{1, 1, 1, 0, 1, 1}, 1};
    if (layer->in.axes == 0 || layer->op->reach == NULL) {
        return layer->branches == NULL;
    }
    (void)layer->op->reach(layer, axis, &out->reach); /* the right field is known */
    const bool dilated = cnn_use_of(layer->op, CNN_DILATION)->need != CNN_NEVER;
    out->kernel = dilated ? layer->attrs->value[CNN_SIZE][axis] : out->reach.extent;
    return out->reach.stride_den == 1;
}

/* False: there are branches, or a number does not fit. */
static bool fold(const chain *at, int32_t axis,
                 bool (*step)(const link *layer, int64_t *field, int64_t *jump), int64_t *out)
{
    int64_t jump = 1;
    *out = 1;
    for (int32_t i = 1; i <= at->index; i++) {
        const cnn_layer *layer = &at->layers[i];
        link its;
        if (layer->source_count != 1 || layer->sources[0] != i - 1 || !link_of(layer, axis, &its) ||
            !step(&its, out, &jump)) {
            return false;
        }
    }
    return true;
}

static bool grow(int64_t reach, int64_t jump, int64_t *field)
{
    int64_t more;
    return cnn_checked_mul(reach - 1, jump, &more) && cnn_checked_add(*field, more, field);
}

static bool right_step(const link *layer, int64_t *field, int64_t *jump)
{
    return grow(layer->reach.extent, *jump, field) &&
           cnn_checked_mul(*jump, layer->reach.stride_num, jump);
}

static bool product_step(const link *layer, int64_t *field, int64_t *jump)
{
    (void)jump;
    return cnn_checked_mul(*field, layer->reach.extent, field);
}

static bool field_product(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, product_step, out);
}

/* `jump` is 1 before the first kernel, and 0 after it. */
static bool sum_step(const link *layer, int64_t *field, int64_t *jump)
{
    if (layer->reach.extent == 1) {
        return true; /* functions of each value have no kernel to add */
    }
    *field -= *jump;
    *jump = 0;
    return cnn_checked_add(*field, layer->reach.extent, field);
}

static bool field_sum(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, sum_step, out);
}

static bool no_jump_step(const link *layer, int64_t *field, int64_t *jump)
{
    (void)jump;
    return grow(layer->reach.extent, 1, field);
}

static bool field_no_jump(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, no_jump_step, out);
}

static bool no_dilation_step(const link *layer, int64_t *field, int64_t *jump)
{
    return grow(layer->kernel, *jump, field) &&
           cnn_checked_mul(*jump, layer->reach.stride_num, jump);
}

static bool field_no_dilation(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, no_dilation_step, out);
}

static bool own_stride_step(const link *layer, int64_t *field, int64_t *jump)
{
    return cnn_checked_mul(*jump, layer->reach.stride_num, jump) &&
           grow(layer->reach.extent, *jump, field);
}

static bool field_own_stride(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, own_stride_step, out);
}

/* r = (r - 1) s + e is right from the last layer to the first, not from the first to the last. */
static bool backwards_step(const link *layer, int64_t *field, int64_t *jump)
{
    (void)jump;
    return cnn_checked_mul(*field - 1, layer->reach.stride_num, field) &&
           cnn_checked_add(*field, layer->reach.extent, field);
}

static bool field_backwards(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    return fold(&(chain){layers, index}, axis, backwards_step, out);
}

/* That of the layer before; of those that see more than their own place. */
static bool field_short(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    link its;
    while (index > 0 && link_of(&layers[index], axis, &its) && its.reach.extent == 1) {
        index--;
    }
    return index > 1 && fold(&(chain){layers, index - 1}, axis, right_step, out);
}

/* The kernel of the layer alone. */
static bool field_own_kernel(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    link its;
    const bool known = link_of(&layers[index], axis, &its);
    *out = its.reach.extent;
    return known && layers[index].in.axes > 0;
}

/* Height times width. */
static bool field_area(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out)
{
    int64_t other;
    const chain all = {layers, index};
    return layers[0].out.axes == 2 && fold(&all, axis, right_step, out) &&
           fold(&all, 1 - axis, right_step, &other) && cnn_checked_mul(*out, other, out);
}

static const cnn_mistake rows[] = {
    {"field-sum", "the kernels are added without the minus ones", "k1 + k2 + ...", .rank = 1,
     .field = field_sum},
    {"field-no-jump", "k - 1 is not multiplied by the strides before it", "r + (k - 1)", .rank = 1,
     .field = field_no_jump},
    {"field-no-dilation", "the dilation is forgotten: k is used in place of its extent",
     "r + (k - 1)*j", .rank = 1, .field = field_no_dilation},
    {"field-own-stride", "k - 1 is multiplied by the layer's own stride too", "r + (k - 1)*j*s",
     .rank = 1, .field = field_own_stride},
    {"field-own-kernel", "the layer's kernel alone is given", "k", .rank = 1,
     .field = field_own_kernel},
    {"field-short", "the last layer is left out", "r", .rank = 1, .field = field_short},
    {"field-area", "height and width of the field are multiplied", "r*r", .rank = 1,
     .field = field_area},
    {"field-backwards", "the recurrence is run from the wrong end", "(r - 1)*s + k", .rank = 2,
     .field = field_backwards},
    {"field-product", "the kernels are multiplied", "k1*k2*...", .rank = 2, .field = field_product},
};

const cnn_mistake_family cnn_mistakes_field = {rows, CNN_LENGTH(rows)};
