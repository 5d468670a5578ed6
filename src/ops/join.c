/* Joins: several branches become one value. And the ends of auxiliary heads. */
#include "base/checked.h"
#include "ops/families.h"

/* Sides beyond the axes are 0. */
static bool equal_sides(const cnn_shape *a, const cnn_shape *b)
{
    bool equal = a->axes == b->axes;
    for (int32_t i = 0; i < CNN_AXES; i++) {
        equal = equal && a->side[i] == b->side[i];
    }
    return equal;
}

static bool shapes_fail(cnn_site *site, int32_t code, const cnn_shape *other)
{
    site->err->shape[0] = *site->in;
    site->err->shape[1] = *other;
    site->err->word[0] = cnn_text_of(site->layer->op->name);
    return cnn_site_fail(site, code, 0, 0);
}

/* He et al. 2016, Deep Residual Learning: the branches have to be alike, nothing is stretched. */
static bool add_shape(cnn_site *site)
{
    for (int32_t i = 1; i < site->count; i++) {
        if (!equal_sides(site->in, &site->in[i]) || site->in->channels != site->in[i].channels) {
            return shapes_fail(site, CNN_E_ADD_SHAPES, &site->in[i]);
        }
    }
    cnn_tell_note(site, CNN_STEP_SIDE, "the branches have one shape; their values are added");
    return cnn_shape_same(site);
}

/* Equal, or one of them 1, as NumPy broadcasts: the larger one counts. */
static bool stretch(int64_t *side, int64_t other)
{
    if (*side != other && *side != 1 && other != 1) {
        return false;
    }
    *side = *side > other ? *side : other;
    return true;
}

/* A vector counts as a map of 1x1. */
static bool mul_shape(cnn_site *site)
{
    cnn_shape *out = &site->layer->out;
    *out = *site->in;
    for (int32_t i = 1; i < site->count; i++) {
        const cnn_shape *in = &site->in[i];
        bool fits = stretch(&out->channels, in->channels);
        for (int32_t axis = 0; axis < CNN_AXES; axis++) {
            const int64_t mine = axis < out->axes ? out->side[axis] : 1;
            const int64_t other = axis < in->axes ? in->side[axis] : 1;
            out->side[axis] = mine;
            fits = fits && stretch(&out->side[axis], other);
        }
        out->axes = out->axes > in->axes ? out->axes : in->axes;
        for (int32_t axis = out->axes; axis < CNN_AXES; axis++) {
            out->side[axis] = 0;
        }
        if (!fits) {
            return shapes_fail(site, CNN_E_MUL_SHAPES, in);
        }
    }
    cnn_tell_note(site, CNN_STEP_SIDE, "the values are multiplied; sides of 1 are stretched");
    return true;
}

/* The channels of a branch, added to `sum - channels` of the branches before it. */
static void tell_branch(const cnn_site *site, int64_t channels, int64_t sum)
{
    if (site->trace != NULL) {
        cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_CHANNELS,
                                          .joining = CNN_SUMMED,
                                          .formula = "C",
                                          .value = {channels},
                                          .result = sum});
    }
}

/* Szegedy et al. 2015, Going Deeper with Convolutions: sides are equal, channels add up. */
static bool cat_shape(cnn_site *site)
{
    cnn_shape *out = &site->layer->out;
    *out = *site->in;
    tell_branch(site, out->channels, out->channels);
    for (int32_t i = 1; i < site->count; i++) {
        if (!equal_sides(site->in, &site->in[i])) {
            return shapes_fail(site, CNN_E_CAT_SHAPES, &site->in[i]);
        }
        if (!cnn_checked_add(out->channels, site->in[i].channels, &out->channels)) {
            return cnn_site_overflow(site, "the number of channels");
        }
        tell_branch(site, site->in[i].channels, out->channels);
    }
    return true;
}

/* The part of the channels that one branch of a split gets: an n-th. The second number of its size
 * is which one, from 0. */
static bool part_shape(cnn_site *site)
{
    const int64_t parts = site->layer->attrs->value[CNN_SIZE][0];
    site->layer->out = *site->in;
    if (site->in->channels % parts != 0) {
        return cnn_site_fail(site, CNN_E_SPLIT, parts, site->in->channels);
    }
    site->layer->out.channels = site->in->channels / parts;
    if (site->trace != NULL) {
        cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_CHANNELS,
                                          .formula = "C/n",
                                          .value = {site->in->channels, parts},
                                          .result = site->layer->out.channels});
    }
    return true;
}

/* Parts lie in their input's storage, one after the other. */
static int64_t part_first(const cnn_layer *layer)
{
    return layer->attrs->value[CNN_SIZE][1] * layer->out.channels;
}

const cnn_op cnn_ops_join[] = {
    {.name = "add",
     .brief = "sum of branches of equal shape",
     .example = "add(conv3-16 | id)",
     .form = CNN_FORM_JOIN,
     .shape = add_shape},
    {.name = "mul",
     .brief = "product of branches; sides and channels of 1 are stretched",
     .example = "mul(id | gap, sigmoid)",
     .form = CNN_FORM_JOIN,
     .why_kept = "its operands: each is the slope of the other",
     .keeps = CNN_KEEPS_OPERANDS,
     .shape = mul_shape},
    {.name = "cat",
     .role = CNN_ROLE_CAT,
     .brief = "branches one after another in the channels",
     .example = "cat(conv1-8 | conv3-24)",
     .form = CNN_FORM_JOIN,
     .shape = cat_shape},
    {.name = "split",
     .role = CNN_ROLE_CAT,
     .brief = "each branch works on its part of the channels; then as cat",
     .example = "split(id | conv3-8)",
     .form = CNN_FORM_JOIN,
     .splits = true,
     .shape = cat_shape},
    /* gives gradients to the middle of a network while it is trained: Szegedy et al. 2015 */
    {.name = "aux",
     .brief = "an auxiliary head beside the path, which goes on unchanged",
     .example = "aux(gap, FC-10)",
     .form = CNN_FORM_AUX,
     .keeps = CNN_KEEPS_PLACE},
    {.name = "frozen",
     .brief = "a list whose parameters are not trained",
     .example = "frozen(conv3-8, bn)",
     .form = CNN_FORM_FROZEN},
    {.name = "reuse",
     .brief = "a labelled item once more, with the same weights",
     .example = "reuse(a)",
     .form = CNN_FORM_REUSE},
};

const cnn_family cnn_family_join = {"joins", cnn_ops_join, CNN_LENGTH(cnn_ops_join)};

static const cnn_use part_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_REQUIRED, .numbers = 1, .least = 1},
};

const cnn_op cnn_op_part = {
    .name = "part",
    .brief = "one part of a split's channels",
    .uses = part_uses,
    .form = CNN_FORM_INNER,
    .shape = part_shape,
    .keeps = CNN_KEEPS_PLACE,
    .first_channel = part_first,
};

const cnn_op cnn_op_input = {
    .name = "input",
    .brief = "what enters the network",
    .form = CNN_FORM_INNER,
};
