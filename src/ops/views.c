/* Layers that only look at the same values as another shape. */
#include "ops/views.h"

#include "base/checked.h"
#include "ops/count.h"

bool cnn_flatten_shape(cnn_site *site)
{
    site->layer->out = (cnn_shape){.channels = cnn_shape_values(site->in)};
    cnn_tell_volume(site, site->in);
    return true;
}

/* Of maps with two axes only: for others the product is wrong, and is not used. */
bool cnn_flatten_quick(cnn_quick *l)
{
    const int64_t values = l->shape->channels * l->shape->side[0] * l->shape->side[1];
    if (l->shape->axes != 2 || values >> CNN_QUICK_BITS != 0) {
        return false;
    }
    *l->shape = (cnn_shape){.channels = values};
    return true;
}

/* CxHxW, or CxL of one axis. */
bool cnn_reshape_shape(cnn_site *site)
{
    const int64_t *size = site->layer->attrs->value[CNN_SIZE];
    /* reshape8x10: the third number is missing */
    const bool line = size[2] == 0;
    cnn_shape *out = &site->layer->out;
    *out = (cnn_shape){.channels = size[0], .side = {size[1], size[2]}, .axes = line ? 1 : 2};
    int64_t values;
    if (!cnn_count_product(size[0], size[1], line ? 1 : size[2], 1, &values)) {
        return cnn_site_overflow(site, "the number of values");
    }
    if (values != cnn_shape_values(site->in)) {
        site->err->shape[0] = *out;
        return cnn_site_fail(site, CNN_E_RESHAPE, values, cnn_shape_values(site->in));
    }
    cnn_tell_volume(site, site->in);
    cnn_tell_volume(site, out);
    return true;
}

/* permute2x3x1: the axes in another order, the channels being axis 1, as Keras counts them. */
bool cnn_permute_shape(cnn_site *site)
{
    const int64_t *order = site->layer->attrs->value[CNN_SIZE];
    const int32_t count = site->in->axes + 1;
    const int64_t axis[CNN_AXES + 1] = {site->in->channels, site->in->side[0], site->in->side[1],
                                        site->in->side[2]};
    /* every axis once: as many bits as numbers */
    uint32_t seen = 0;
    for (int32_t i = 0; i < CNN_AXES; i++) {
        seen |= order[i] >= 1 && order[i] <= count ? 1u << (order[i] - 1) : 0;
    }
    const int32_t given = order[2] == 0 ? 2 : 3;
    if (given != count || seen != (1u << count) - 1) {
        return cnn_site_fail(site, CNN_E_PERMUTE, count, 0);
    }
    cnn_shape *out = &site->layer->out;
    *out = (cnn_shape){.channels = axis[order[0] - 1], .axes = site->in->axes};
    for (int32_t i = 0; i < out->axes; i++) {
        out->side[i] = axis[order[i + 1] - 1];
    }
    cnn_tell_note(site, CNN_STEP_SIDE, "the axes in another order: axis 1 is the channels");
    return true;
}
