/* Where there are gaps between values: cuts of channels and sides make them, views pass them on. */
#include "measure/lie.h"

enum { OF_CHANNELS = 1u << 1 };

static bool is_single(const cnn_lie *value, int32_t axis)
{
    const int64_t size = axis == 0   ? value->samples
                         : axis == 1 ? value->shape->channels
                                     : value->shape->side[axis - 2];
    return size == 1;
}

/* Whether there is a gap between the values along the axes first, ..., end - 1. */
static bool lies_apart(const cnn_lie *value, int32_t first, int32_t end, bool dense)
{
    bool before = false, gap = false;
    for (int32_t axis = first; axis < end; axis++) {
        const bool single = is_single(value, axis);
        gap = gap || (before && (value->gaps >> axis & 1) != 0);
        if (gap && (dense || !single)) { /* a step of one size needs something at both sides */
            return true;
        }
        before = before || !single;
    }
    return false;
}

bool cnn_has_to_copy(const cnn_op *op, const cnn_lie *in)
{
    static const struct {
        int32_t first, less; /* axes */
        bool dense;
    } needs[] = {[CNN_TOGETHER_NOTHING] = {1, INT32_MAX, false},
                 [CNN_TOGETHER_SAMPLE] = {1, 0, false},
                 [CNN_TOGETHER_ROWS] = {0, 1, false},
                 [CNN_TOGETHER_ALL] = {0, 0, true}};
    const cnn_together what = op->together;
    return in->gaps != 0 && lies_apart(in, needs[what].first,
                                       in->shape->axes + 2 - needs[what].less, needs[what].dense);
}

uint32_t cnn_gaps_of_view(const cnn_op *op, const cnn_shape *out, const cnn_lie *in)
{
    uint32_t gaps = in->gaps;
    if (op->together == CNN_TOGETHER_SAMPLE) { /* other axes; each sample lies together */
        return lies_apart(in, 0, in->shape->axes + 2, true) ? OF_CHANNELS : 0;
    }
    gaps |= out->channels != in->shape->channels ? OF_CHANNELS : 0;
    for (int32_t i = 0; i < out->axes; i++) {
        gaps |= out->side[i] != in->shape->side[i] ? 1u << (i + 2) : 0;
    }
    return gaps;
}
