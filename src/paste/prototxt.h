/* Caffe's prototxt: blocks of keys and values, and the layers that they are. */
#ifndef CNN_PASTE_PROTOTXT_H
#define CNN_PASTE_PROTOTXT_H

#include "paste/root.h"

typedef struct cnn_prototxt {
    cnn_paster *p;
    size_t at;
    cnn_items blobs;   /* name, tensor, name, tensor */
    cnn_items weights; /* names of parameters, each followed by the layer that has them */
    cnn_tensor *last;
    int64_t batch; /* of the input; 0: not known */
} cnn_prototxt;

/* A layer to be added. */
typedef struct cnn_prototxt_job {
    cnn_prototxt *r;
    const cnn_py *layer;
    const cnn_py *param; /* convolution_param and the like; NULL: there is none */
    cnn_items bottoms;   /* one or more */
    const cnn_tensor *in;
    int32_t weights_of; /* a layer whose weights it uses again; 0: it has its own */
    cnn_span span;
    cnn_tensor *out;
    cnn_items tops; /* what follows `out` where a layer gives several */
} cnn_prototxt_job;

/* ---- prototxt_text.c ---- */

bool cnn_prototxt_parse(cnn_prototxt *r, cnn_py *out);

/* The i-th value of a key; NULL: there is none. */
const cnn_py *cnn_prototxt_get(const cnn_py *from, const char *key, int32_t i);
int32_t cnn_prototxt_count(const cnn_py *from, const char *key);

/* A number of 0 or more; the second one may be negative, but never INT64_MIN. */
bool cnn_prototxt_number(cnn_prototxt *r, const cnn_py *from, const char *key, int32_t i,
                         int64_t standard, int64_t *out);
bool cnn_prototxt_signed(cnn_prototxt *r, const cnn_py *from, const char *key, int32_t i,
                         int64_t standard, int64_t *out);

/* Whether the first value of a key is this word. */
bool cnn_prototxt_says(const cnn_py *from, const char *key, const char *word);
bool cnn_prototxt_true(const cnn_py *from, const char *key, bool standard);

/* ---- prototxt_layers.c, prototxt_shapes.c ---- */

typedef struct cnn_prototxt_type {
    const char *name, *old; /* `old`: of files before 2014, in capitals; NULL: there was none */
    const char *param;
    bool (*add)(cnn_prototxt_job *);
} cnn_prototxt_type;

extern const cnn_prototxt_type cnn_prototxt_shapes[];
extern const size_t cnn_prototxt_shape_count;

/* A layer of the job's input that uses the weights that the job does. */
cnn_spec cnn_prototxt_spec(const cnn_prototxt_job *j, const char *op);
bool cnn_prototxt_join(cnn_prototxt_job *j, const char *op, const cnn_items *parts);

/* Adds a layer of that type; *found: it is one that is computed. */
bool cnn_prototxt_add(cnn_prototxt_job *j, cnn_text type, bool *found);

#endif
