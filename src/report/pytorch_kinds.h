/* What kinds of layers are in PyTorch. */
#ifndef CNN_REPORT_PYTORCH_KINDS_H
#define CNN_REPORT_PYTORCH_KINDS_H

#include "ops/op.h"

/* Classes of Python that the code brings along for what PyTorch has no module for. */
typedef enum cnn_helper {
    CNN_HELPER_NONE,
    CNN_HELPER_LAYER_NORM,
    CNN_HELPER_SCALE,
    CNN_HELPER_BIAS,
    CNN_HELPER_RESHAPE,
    CNN_HELPER_CROP,
    CNN_HELPER_CHANNELS,
    CNN_HELPER_MEAN_POOL,
    CNN_HELPER_PERMUTE,
    CNN_HELPER_CHANNEL_CUT,
    CNN_HELPER_CHANNEL_MEAN,
    CNN_HELPER_CHANNEL_MAX,
    CNN_HELPER_DEFORM,
    CNN_HELPERS
} cnn_helper;

extern const char *const cnn_helper_code[CNN_HELPERS];

typedef struct cnn_pytorch_kind {
    const char *op, *map, *vector; /* templates; NULL: as for a map */
    cnn_helper needs;
} cnn_pytorch_kind;

/* NULL: PyTorch has nothing like it. */
const cnn_pytorch_kind *cnn_pytorch_kind_of(const cnn_op *op);

bool cnn_is_deformed(const cnn_layer *layer);
bool cnn_is_unpool(const cnn_layer *layer);

/* The last pooling before a maxunpool whose indices fit it: of the same window, with as many
 * values. 0: there is none near. */
int32_t cnn_unpool_source(const cnn_network *net, int32_t index);

/* Whether a maxunpool wants to know where this pooling found its values. */
bool cnn_gives_indices(const cnn_network *net, int32_t index);

#endif
