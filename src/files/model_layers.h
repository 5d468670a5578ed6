/* The layers that nodes of a model are in the layer language. */
#ifndef CNN_FILES_MODEL_LAYERS_H
#define CNN_FILES_MODEL_LAYERS_H

#include "files/model.h"

typedef struct cnn_converter {
    cnn_model *model;
    cnn_builder *builder;
    cnn_error *err;
    cnn_call *call;
    cnn_call *last;   /* the one whose output the layer is: `call`, or one that belongs to it */
    const char *kind; /* of the layer, from the table */
} cnn_converter;

/* The layer that a value is; -1: it is none, as a constant. */
cnn_node cnn_layer_of(const cnn_value *value);

/* Adds the layers of x->call, or fails because the language has none. */
bool cnn_layer_convert(cnn_converter *x);
bool cnn_layer_unfit(cnn_converter *x);

/* Gives an attribute the same number for all axes. */
void cnn_put_all(cnn_attrs *attrs, cnn_attr attr, int64_t value);

/* Adds a layer of `kind` and returns its value in *out. */
bool cnn_put_layer(cnn_converter *x, const char *kind, const cnn_attrs *attrs,
                   const cnn_node *sources, int32_t count, cnn_node weights_of, cnn_node *out);

/* Output i of x->last is that value, if it has its sizes; a vector where it is Cx1x1 is flattened.
 */
bool cnn_put_finish(cnn_converter *x, int32_t i, cnn_node node);

/* The only reader of what a call makes, if it is that operator; or NULL. */
cnn_call *cnn_next_call(const cnn_call *c, const char *op);

/* The call is one layer; or nothing, and the value passes. */
bool cnn_put_one(cnn_converter *x, const char *kind, const cnn_attrs *attrs);
bool cnn_put_pass(cnn_converter *x);

/* ---- of model_weights.c ---- */

/* Whether a constant is stretched to one number for each channel of what a call makes. Before opset
 * 7 an attribute may name the axis where it begins. */
bool cnn_is_per_channel(const cnn_call *c, const cnn_sizes *constant);

bool cnn_put_conv(cnn_converter *x);
bool cnn_put_pool(cnn_converter *x);
bool cnn_put_dense(cnn_converter *x);
bool cnn_put_norm(cnn_converter *x);
bool cnn_put_groupnorm(cnn_converter *x);
bool cnn_put_instancenorm(cnn_converter *x);
bool cnn_put_layernorm(cnn_converter *x);
bool cnn_put_prelu(cnn_converter *x);

/* ---- of model_views.c ---- */

/* Whether a value is an input whose channels are last and which is only read by nodes that put
 * them first: converters of TensorFlow write such. In a list its channels are first. */
bool cnn_is_turned(const cnn_value *value);

bool cnn_put_reshape(cnn_converter *x);
bool cnn_put_reduce(cnn_converter *x);
bool cnn_put_resize(cnn_converter *x);
bool cnn_put_blocks(cnn_converter *x);
bool cnn_put_pad(cnn_converter *x);
bool cnn_put_split(cnn_converter *x);
bool cnn_put_slice(cnn_converter *x);
bool cnn_put_permute(cnn_converter *x);

#endif
