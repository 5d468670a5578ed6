/* Memory of training: what is kept for the backward pass, and what optimizers keep. */
#ifndef CNN_NET_TRAINING_H
#define CNN_NET_TRAINING_H

#include "base/error.h"
#include "base/trace.h"
#include "net/keeping.h"
#include "net/network.h"

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

/* False: out of memory. */
bool cnn_keeping_open(cnn_keeping *k, const int32_t *parts, int64_t samples, bool again,
                      cnn_arena *arena);

/* After the last layer: then values and sums are complete. Of the network, its layers do not
 * matter. False: out of memory. */
bool cnn_keeping_close(cnn_keeping *k, const cnn_network *net, cnn_training_sums *sums);

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
