/* Caffe's prototxt: blocks of keys and values, and the layers that they are. */
#ifndef CNN_PASTE_PROTOTXT_H
#define CNN_PASTE_PROTOTXT_H

#include "paste/root.h"

typedef struct cnn_prototxt {
    cnn_paster *p;
    size_t at;
    cnn_items blobs; /* name, tensor, name, tensor */
    cnn_tensor *last;
} cnn_prototxt;

/* A layer to be added. */
typedef struct cnn_prototxt_job {
    cnn_prototxt *r;
    const cnn_py *layer;
    const cnn_py *param; /* convolution_param and the like; NULL: there is none */
    const cnn_tensor *in;
    cnn_span span;
    cnn_tensor *out;
} cnn_prototxt_job;

/* The i-th value of a key; NULL: there is none. */
const cnn_py *cnn_prototxt_get(const cnn_py *from, const char *key, int32_t i);
bool cnn_prototxt_number(cnn_prototxt *r, const cnn_py *from, const char *key, int32_t i,
                         int64_t standard, int64_t *out);

/* Whether the first value of a key is this word. */
bool cnn_prototxt_says(const cnn_py *from, const char *key, const char *word);
bool cnn_prototxt_inputs(cnn_prototxt *r, const cnn_py *layer, cnn_items *out);

/* Adds a layer of that type; *found: it is one that is computed. */
bool cnn_prototxt_add(cnn_prototxt_job *j, cnn_text type, bool *found);

#endif
