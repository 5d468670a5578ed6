/* The working of convolutions. */
#include "ops/conv_tell.h"

#include <string.h>

void cnn_conv_tell(const cnn_site *site, const cnn_shape *map)
{
    /* for one, two and three axes; without and with groups */
    static const char *const weights[][2] = {
        {"C*N*kw", "(C/g)*N*kw"},
        {"C*N*kh*kw", "(C/g)*N*kh*kw"},
        {"C*N*kd*kh*kw", "(C/g)*N*kd*kh*kw"},
    };
    static const char *const forward[][2] = {
        {"C*N*kw*Wo", "(C/g)*N*kw*Wo"},
        {"C*N*kh*kw*Ho*Wo", "(C/g)*N*kh*kw*Ho*Wo"},
        {"C*N*kd*kh*kw*Do*Ho*Wo", "(C/g)*N*kd*kh*kw*Do*Ho*Wo"},
    };
    static const char *const transposed[][2] = {
        {"C*N*kw*W", "(C/g)*N*kw*W"},
        {"C*N*kh*kw*H*W", "(C/g)*N*kh*kw*H*W"},
        {"C*N*kd*kh*kw*D*H*W", "(C/g)*N*kd*kh*kw*D*H*W"},
    };
    const cnn_layer *layer = site->layer;
    const int64_t c = site->in->channels, n = layer->out.channels;
    const int64_t g = cnn_groups_of(layer->attrs, c);
    const int32_t form = map->axes - 1, grouped = g > 1;
    cnn_step step = {.quantity = CNN_STEP_WEIGHTS, .formula = weights[form][grouped]};
    /* the numbers in the order in which the formula names them */
    int64_t *at = step.value;
    *at++ = c;
    if (grouped) {
        *at++ = g;
    }
    *at++ = n;
    for (int32_t i = 0; i < map->axes; i++) {
        *at++ = layer->attrs->value[CNN_SIZE][i];
    }
    step.result = layer->weights;
    cnn_tell(site->trace, &step);
    cnn_tell_biases(site);
    /* the formula of the MACs goes on where that of the weights ends, and so do its numbers */
    for (int32_t i = 0; i < map->axes; i++) {
        *at++ = map->side[i];
    }
    step.quantity = CNN_STEP_MACS;
    step.formula = (map == site->in ? transposed : forward)[form][grouped];
    step.result = layer->macs;
    cnn_tell(site->trace, &step);
}

void cnn_conv_tell_taps(const cnn_site *site, const char *weights, const char *macs, int64_t taps,
                        const int64_t *value)
{
    static const char *const all[] = {"", "kw", "kh*kw", "kd*kh*kw"};
    static const char *const map[] = {"", "Wo", "Ho*Wo", "Do*Ho*Wo"};
    const cnn_layer *layer = site->layer;
    const int32_t axes = site->in->axes;
    cnn_step step = {.quantity = CNN_STEP_TAPS, .formula = all[axes], .result = taps};
    memcpy(step.value, layer->attrs->value[CNN_SIZE], (size_t)axes * sizeof *step.value);
    cnn_tell(site->trace, &step);
    step = (cnn_step){.quantity = CNN_STEP_WEIGHTS, .formula = weights, .result = layer->weights};
    memcpy(step.value, value, 4 * sizeof *value);
    cnn_tell(site->trace, &step);
    if (layer->biases > 0) {
        cnn_tell(site->trace,
                 &(cnn_step){.quantity = CNN_STEP_BIASES,
                             /* a deformable convolution's offsets have biases as well */
                             .formula = layer->biases > layer->out.channels ? "N + 2*k" : "N",
                             .value = {layer->out.channels, taps},
                             .result = layer->biases});
    }
    step = (cnn_step){.quantity = CNN_STEP_PLACES, .formula = map[axes]};
    memcpy(step.value, layer->out.side, (size_t)axes * sizeof *step.value);
    step.result = cnn_shape_positions(&layer->out);
    cnn_tell(site->trace, &step);
    step = (cnn_step){.quantity = CNN_STEP_MACS, .formula = macs, .result = layer->macs};
    step.value[0] = cnn_shape_positions(&layer->out);
    step.value[1] = layer->weights;
    cnn_tell(site->trace, &step);
}
