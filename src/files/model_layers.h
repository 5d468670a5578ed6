/* The layers that nodes of a model are in the layer language. */
#ifndef CNN_FILES_MODEL_LAYERS_H
#define CNN_FILES_MODEL_LAYERS_H

#include "files/model.h"

typedef struct cnn_converter {
    cnn_model *model;
    cnn_builder *builder;
    cnn_error *err;
    cnn_call *call;
    const char *kind; /* of the layer, from the table */
} cnn_converter;

/* The layer that a value is; -1: it is none, as a constant. */
cnn_node cnn_layer_of(const cnn_value *value);

/* Adds the layers of x->call, or fails because the language has none. */
bool cnn_layer_convert(cnn_converter *x);
bool cnn_layer_unfit(cnn_converter *x);

#endif
