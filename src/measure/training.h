/* Memory of training: what is kept for the backward pass, and what optimizers keep. */
#ifndef CNN_NET_TRAINING_H
#define CNN_NET_TRAINING_H

#include "base/error.h"
#include "base/trace.h"
#include "net/network.h"
#include "ops/keeps.h"

/* Who keeps what a layer gives. */
typedef struct cnn_kept_value {
    int64_t values;    /* how many there are */
    int32_t source;    /* the first one that its layer reads */
    int32_t home;      /* the layer in whose storage it lies; a view lies where its source lies */
    int32_t keeper;    /* of a home: the first layer that keeps it; -1: none does */
    int32_t last;      /* of a home: the layer that reads it last */
    bool wants;        /* a gradient: something that it is computed from is trained */
    bool keeps;        /* its layer keeps what it has to: it wants one and is not computed again */
    bool copies;       /* its layer copies what it reads, so that the values lie together */
    uint16_t storages; /* what its layer keeps, see cnn_keeps */
    uint8_t gaps;      /* how it lies in its storage, see lie.h */
    bool opens;        /* its layer is the first of a part that is computed again: */
    int32_t part;      /* that part, from 1; 0: none, see checkpoint.h */
    int64_t
        enters; /* values that are kept because they enter the part that it opens; -1: too many */
} cnn_kept_value;

/* How training runs. Zero is valid: a CPU, no optimizer. */
typedef struct cnn_training_way {
    int32_t optimizer; /* its number in the table */
    bool cuda;
} cnn_training_way;

/* Reads the names of an optimizer and of a device; an empty one is "none" or "cpu". False: there
 * is no such. */
bool cnn_training_way_read(cnn_text optimizer, cnn_text device, cnn_training_way *out,
                           cnn_error *err);

/* Their names, from place 0; NULL after the last. */
const char *cnn_optimizer_at(size_t place);

cnn_text cnn_optimizer_name(const cnn_training_way *way);

/* What the layers of a network add up to. */
typedef struct cnn_training_sums {
    cnn_keeps kept;  /* storages are among its values */
    bool fits;       /* into 64 bits */
    int64_t params;  /* that are trained: without frozen layers and auxiliary heads */
    int64_t tensors; /* of these */
} cnn_training_sums;

/* Following the layers of a network, one after another, while they are read or afterwards. */
typedef struct cnn_keeping {
    cnn_watcher watcher;    /* is shown each layer */
    cnn_kept_value *values; /* of the layers so far: they grow at the low end of the arena */
    cnn_arena *arena;
    const int32_t *parts; /* of checkpoint.h, or NULL; */
    bool again;           /* they are being computed again */
    bool failed;          /* out of memory */
    int32_t first;        /* layer of the part at hand */
    int32_t either;       /* the first layer that keeps its input or its output; 0: none does */
    int64_t samples;      /* that pass at once */
    int64_t signs;        /* of all sums so far: below 0 when one did not fit */
    cnn_training_sums sums;
} cnn_keeping;

/* False: out of memory. */
bool cnn_keeping_open(cnn_keeping *k, const int32_t *parts, int64_t samples, bool again,
                      cnn_arena *arena);

/* After the last of `count` layers: then values and sums are complete. False: out of memory. */
bool cnn_keeping_close(cnn_keeping *k, int32_t count);

/* The same for a network that has been read. NULL: out of memory. */
const cnn_kept_value *cnn_network_kept(const cnn_network *net, const int32_t *parts,
                                       int64_t samples, bool again, cnn_arena *arena,
                                       cnn_training_sums *sums);

/* How large numbers are, and how many samples pass at once. */
typedef struct cnn_kept_form {
    const cnn_training_way *way;
    int64_t samples;
    int64_t value_bytes;
} cnn_kept_form;

/* The bytes that a layer is the first to keep. False: they do not fit into 64 bits. The trace may
 * be NULL. */
bool cnn_layer_kept(const cnn_network *net, const cnn_layer *layer, const cnn_kept_value *values,
                    const cnn_kept_form *form, const cnn_trace *trace, int64_t *out);

/* The bytes that all layers keep. False: they do not fit into 64 bits. */
bool cnn_kept_bytes(const cnn_training_sums *sums, const cnn_kept_form *form, int64_t *out);

/* The bytes of it that enter a part which is computed again. */
bool cnn_layer_entered(const cnn_kept_value *value, const cnn_kept_form *form, int64_t *out);

/*
 * The most bytes that the backward pass holds at once: `kept`, as far as it is still needed, and
 * the gradients of values. A lower bound: workspaces are not counted. *out is -1 where it does not
 * fit into 64 bits. False: out of memory.
 */
bool cnn_network_train_peak(const cnn_network *net, const cnn_kept_value *values,
                            const int32_t *parts, const cnn_kept_form *form, int64_t kept,
                            cnn_arena scratch, int64_t *out);

/* Whether two layers of one kind and of the same shapes keep the same. */
bool cnn_layers_kept_alike(const cnn_kept_value *values, const cnn_layer *a, const cnn_layer *b);

/* The bytes that the optimizer keeps besides parameters and gradients. False: they do not fit. */
bool cnn_optimizer_state(const cnn_training_sums *sums, const cnn_kept_form *form, int64_t *out);

#endif
