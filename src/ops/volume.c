/* How many positions and values a shape has whose values are known to fit into 64 bits: costs are
 * counted before that is checked for the output. */
#include "ops/op.h"

/* 1 for a vector, whose channels are all at one place. */
int64_t cnn_shape_positions(const cnn_shape *shape)
{
    int64_t positions = 1;
    for (int32_t i = 0; i < shape->axes; i++) {
        positions *= shape->side[i];
    }
    return positions;
}

int64_t cnn_shape_values(const cnn_shape *shape)
{
    return shape->channels * cnn_shape_positions(shape);
}

/* C*H*W, where the working goes on with features. */
void cnn_tell_volume(const cnn_site *site, const cnn_shape *shape)
{
    if (site->trace == NULL || shape->axes == 0) {
        return;
    }
    static const char *const formulas[CNN_AXES + 1] = {"C", "C*W", "C*H*W", "C*D*H*W"};
    cnn_step step = {.quantity = CNN_STEP_FEATURES,
                     .formula = formulas[shape->axes],
                     .value = {shape->channels},
                     .result = cnn_shape_values(shape)};
    for (int32_t i = 0; i < shape->axes; i++) {
        step.value[1 + i] = shape->side[i];
    }
    cnn_tell(site->trace, &step);
}
