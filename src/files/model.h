/* A model that was worked through, and its totals. */
#ifndef CNN_FILES_MODEL_H
#define CNN_FILES_MODEL_H

#include "files/infer.h"

/* An input or output of the model. */
typedef struct cnn_port {
    const cnn_symbol *name;
    const cnn_value *value;
} cnn_port;

struct cnn_model {
    cnn_onnx_model onnx;
    cnn_machine machine;
    cnn_port *inputs, *outputs;
    int32_t input_count, output_count;
    int64_t weights, biases, statistics, params;
    int64_t macs;
    int64_t product_macs; /* those of them that multiply two activations */
    int64_t weight_bytes; /* of the parameters as they are stored */
    int32_t unclear;      /* nodes whose MACs are not known */
    int32_t shapeless;    /* nodes that make something of unknown shape */
    const cnn_call *first_unclear;
    cnn_sizes output; /* the first one, without its batch */
};

/* What a row is called: the node's name, or of one without a name what it makes. */
cnn_text cnn_call_name(const cnn_call *c);

/* Whether it is shown without "all". */
bool cnn_call_costs(const cnn_call *c);

/* Gives the inputs of the model their sizes: those given, those declared, a batch of 1. */
bool cnn_model_size_inputs(cnn_model *model, const cnn_text *given, int32_t count);

#endif
