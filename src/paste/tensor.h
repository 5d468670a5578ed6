/* Calls of functions and methods of tensors. */
#ifndef CNN_PASTE_TENSOR_H
#define CNN_PASTE_TENSOR_H

#include "paste/flow.h"

typedef struct cnn_request {
    cnn_paster *p;
    const cnn_tensor *in; /* the first argument, or the object */
    cnn_arguments rest;   /* those after it */
    cnn_span span;
    cnn_py *out;
} cnn_request;

typedef bool cnn_request_handler(cnn_request *r);

/* An argument by its name or place; NULL: it is not given. */
const cnn_py *cnn_request_given(const cnn_request *r, const char *name, int32_t position);
bool cnn_request_number(cnn_request *r, const char *name, int32_t position, int64_t standard,
                        int64_t *out);

/* An axis, which is called dim or axis. */
bool cnn_request_axis(cnn_request *r, int32_t position, int64_t standard, int64_t *out);
bool cnn_request_give(cnn_request *r, cnn_tensor *tensor);

/* The values and where they are. */
bool cnn_request_pair(cnn_request *r);

/* Calls the function of that name; *found: there is one. */
bool cnn_request_handle(cnn_request *r, cnn_text name, bool *found);

/* The same of functions that do what a layer does. */
bool cnn_request_layer(cnn_request *r, cnn_text name, bool *found);

/* Applies a function whose weights are among its arguments, which `m` has; *found: they are. */
bool cnn_request_weights(cnn_request *r, cnn_module *m, bool *found);

/* The same of functions of each value, and of those that reduce axes. */
bool cnn_request_values(cnn_request *r, cnn_text name, bool *found);
bool cnn_request_reduce(cnn_request *r, cnn_text name, bool *found);

cnn_request_handler cnn_do_expand, cnn_do_expand_as, cnn_do_repeat, cnn_do_pad, cnn_do_flatten,
    cnn_do_reshape, cnn_do_view_as, cnn_do_unflatten, cnn_do_squeeze, cnn_do_unsqueeze,
    cnn_do_permute, cnn_do_transpose, cnn_do_movedim, cnn_do_chunk, cnn_do_split,
    cnn_do_tensor_split, cnn_do_unbind, cnn_do_select, cnn_do_narrow;

/* The tensors with one axis more each, as torch.stack lays them side by side. */
bool cnn_tensor_stack(cnn_paster *p, const cnn_items *parts, int64_t axis, cnn_span span,
                      cnn_items *out);

#endif
