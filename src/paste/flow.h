/* Parts of the flow of layers that several readers of pasted text share. */
#ifndef CNN_PASTE_FLOW_H
#define CNN_PASTE_FLOW_H

#include "paste/paste.h"

/* Gives the layer of a tensor the path of the module that made it. */
bool cnn_flow_name(cnn_paster *p, const cnn_tensor *tensor, const cnn_module *m);

/* One more input, or the first one. */
bool cnn_flow_input(cnn_paster *p, const cnn_shape *shape, cnn_text label, cnn_span span,
                    cnn_tensor **out);

/* A flow of layers beside the one that is built, of which nothing is recorded. Memory that it takes
 * is the caller's to give back. */
typedef struct cnn_aside {
    cnn_network scratch, *net;
    cnn_builder *builder;
    int32_t flow;
    bool counting;
} cnn_aside;

void cnn_aside_begin(cnn_paster *p, cnn_aside *aside);

/* The flow before goes on. */
void cnn_aside_end(cnn_paster *p, const cnn_aside *aside);

/* Drops the layers from `layer_count` on, the last of which may have failed. */
void cnn_flow_rewind(cnn_paster *p, int32_t layer_count);

bool cnn_mismatch_add(cnn_paster *p, const cnn_mismatch *found);

/* A number to be repaired; the first one for a place counts. */
bool cnn_edit_add(cnn_paster *p, cnn_span span, cnn_text text);

/* Rows and columns added before and after each side; negative numbers cut. `rule`: what the layer
 * keeps that adds them; NULL: nothing. */
bool cnn_flow_pad(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const int64_t *low,
                  const int64_t *high, const cnn_keep_rule *rule, cnn_tensor **out);

/* The same axes of the same sizes. */
bool cnn_tensors_alike(const cnn_shape *a, const cnn_shape *b);

/* Axes from `start` to `end` as one; axis 0 is the batch. */
bool cnn_tensor_flatten(cnn_paster *p, const cnn_tensor *in, int64_t start, int64_t end,
                        cnn_span span, cnn_module *m, cnn_tensor **out);

/* The values of one sample in another shape; one of the sizes may be -1. `place` is the number that
 * can be repaired, when there is one. */
bool cnn_tensor_view(cnn_paster *p, const cnn_tensor *in, const cnn_py *sizes, int32_t count,
                     cnn_span span, cnn_module *m, const cnn_py_node *place, cnn_tensor **out);

/* ---- view.c ---- */

enum { CNN_SAMPLE_AXES = CNN_AXES + 1 }; /* of one sample: the channels and the sides */

/* The axes of one sample in the framework's order; Keras has the channels last. */
int32_t cnn_tensor_axes(const cnn_paster *p, const cnn_tensor *tensor, int64_t *axis);

/* The other way round; nothing left is one value. */
bool cnn_axes_shape(cnn_paster *p, const int64_t *axis, int32_t count, bool first, cnn_span span,
                    cnn_shape *out);

/* Axes given by numbers, negative ones from the end. The batch's is refused. */
bool cnn_axis_at(cnn_paster *p, int64_t at, int32_t rank, cnn_span span, int32_t *out);

/* The same values with other axes, in the framework's order. */
bool cnn_tensor_as(cnn_paster *p, const cnn_tensor *in, const int64_t *axis, int32_t count,
                   cnn_span span, cnn_py *out);

bool cnn_not_followed(cnn_paster *p, cnn_span span);

/* The error of a value that is no list, of whose name there may be none. */
bool cnn_wants_list(cnn_paster *p, const cnn_py *value, cnn_span span);

/* A method that the object's class has for Python's own use, such as __len__; *found: it has it. */
bool cnn_own_method(cnn_paster *p, const cnn_py *object, const char *name, const cnn_py *argument,
                    const cnn_py_node *node, bool *found, cnn_py *out);

/* What a slice takes of `count` elements: `from`, and so on by `step` up to `to`. */
typedef struct cnn_range {
    int64_t from, to, step;
} cnn_range;

bool cnn_slice_read(cnn_paster *p, const cnn_py_node *node, const cnn_items *slice, int64_t count,
                    cnn_range *out);

/* ---- arguments of a call ---- */

/* NULL: there are fewer. */
static inline const cnn_py *cnn_argument_at(const cnn_arguments *args, int32_t i)
{
    return i < args->count ? &args->at[i].value : NULL;
}

static inline bool cnn_argument_whole(cnn_paster *p, const cnn_arguments *args, int32_t i,
                                      int64_t *out)
{
    return cnn_whole(p, cnn_argument_at(args, i), args->at[i].node, cnn_text_of("this call"), out);
}

static inline bool cnn_call_not_followed(cnn_paster *p, const cnn_arguments *args)
{
    return cnn_not_followed(p, args->call->span);
}

/* An argument by its name or its place among those without one, and its value; NULL: it is not
 * given. */
const cnn_argument *cnn_argument_find(const cnn_arguments *args, const char *name,
                                      int32_t position);
const cnn_py *cnn_argument_given(const cnn_arguments *args, const char *name, int32_t position);

/* The whole number of an argument that was found; the error is at it. */
static inline bool cnn_given_whole(cnn_paster *p, const cnn_arguments *args, const cnn_py *value,
                                   int64_t *out)
{
    return cnn_whole(p, value, value->origin.end > 0 ? NULL : args->call, cnn_text_of("this call"),
                     out);
}

/* Refuses arguments that would be ignored. `takes` has the names that a function of Python takes,
 * in order, with blanks between; those after "-" are never given by their place; "*" takes any
 * number of values, "**" any names. */
bool cnn_arguments_check(cnn_paster *p, const cnn_arguments *args, const char *takes);

typedef bool cnn_py_function(cnn_paster *p, cnn_arguments *args, cnn_py *out);

/* A function of Python itself. */
typedef struct cnn_py_row {
    const char *name, *takes;
    cnn_py_function *call;
    bool hands_on; /* what is made of data is data */
    bool tensors;  /* a tensor may be its first argument */
} cnn_py_row;

typedef struct cnn_py_rows {
    const cnn_py_row *rows;
    size_t count;
} cnn_py_rows;

extern const cnn_py_rows cnn_arithmetic_rows, cnn_mathematics_rows, cnn_sequence_rows,
    cnn_iteration_rows, cnn_object_rows;

/* Whether a < b, for sorted() and max(). */
bool cnn_py_less(cnn_paster *p, const cnn_arguments *args, const cnn_py *a, const cnn_py *b,
                 bool *out);

/* What key= gives for a value; without a key the value itself. */
bool cnn_py_key(cnn_paster *p, const cnn_arguments *args, const cnn_py *key, const cnn_py *value,
                cnn_py *out);

/* dict(a=1), OrderedDict([("a", x)]) */
bool cnn_dict_make(cnn_paster *p, cnn_arguments *args, cnn_py *out);

/* In the order of sorted(), by the arguments key= and reverse=. */
bool cnn_items_sort(cnn_paster *p, const cnn_arguments *args, cnn_items *items);

/* The arguments' values, or the elements of the only one when it is a list. */
bool cnn_arguments_listed(cnn_paster *p, const cnn_arguments *args, cnn_items *out);

static inline bool cnn_argument_sequence(cnn_paster *p, const cnn_arguments *args, int32_t i,
                                         cnn_items **out)
{
    return i < args->count ? cnn_sequence(p, args->call, &args->at[i].value, out)
                           : cnn_call_not_followed(p, args);
}

bool cnn_tensor_reshape(cnn_paster *p, const cnn_tensor *in, cnn_arguments *args, cnn_py *out);
bool cnn_tensor_squeeze(cnn_paster *p, const cnn_tensor *in, const int64_t *which, cnn_span span,
                        cnn_py *out);
bool cnn_tensor_unsqueeze(cnn_paster *p, const cnn_tensor *in, int64_t at, cnn_span span,
                          cnn_py *out);
bool cnn_tensor_permute(cnn_paster *p, const cnn_tensor *in, const cnn_items *order, cnn_span span,
                        cnn_py *out);
bool cnn_tensor_transpose(cnn_paster *p, const cnn_tensor *in, int64_t a, int64_t b, cnn_span span,
                          cnn_py *out);

/* ---- parts.c ---- */

bool cnn_channels_last(const cnn_paster *p, const cnn_tensor *in);

/* The number in the language of the framework's axis `at`, from 1: the channels are 1. */
int32_t cnn_our_axis(bool last, int32_t at, int32_t count);

/* ---- tensor_values.c ---- */

/* The same sizes, but other values in a storage of their own. */
bool cnn_tensor_values(cnn_paster *p, const cnn_tensor *in, const cnn_keep_rule *rule,
                       cnn_span span, cnn_py *out);

/* Calculations with a number: x * 2. `first`: the tensor is before the operator. */
bool cnn_tensor_number(cnn_paster *p, const cnn_tensor *in, uint8_t op, const cnn_py *number,
                       bool first, cnn_span span, cnn_py *out);

/* ---- reductions.c ---- */

typedef enum cnn_reduction {
    CNN_REDUCE_MEAN,
    CNN_REDUCE_SUM,
    CNN_REDUCE_MAX,     /* the greatest, and where it is */
    CNN_REDUCE_EXTREME, /* the greatest alone: amax */
    CNN_REDUCE_VARIANCE,
    CNN_REDUCE_NORM /* or a deviation, a product, a sum of exponentials */
} cnn_reduction;

/* Over the axes of `over`. Over all sides it is global pooling. */
bool cnn_tensor_reduce(cnn_paster *p, cnn_reduction how, const cnn_tensor *in, const cnn_py *over,
                       bool keep, cnn_span span, cnn_py *out);
/* Side by side along another axis than that of the channels, which change places with it. */
bool cnn_tensor_cat_sides(cnn_paster *p, const cnn_items *parts, int64_t at, int64_t channels,
                          const cnn_py_node *place, cnn_py *out);

/* One half of an axis times the sigmoid of the other: GLU. */
bool cnn_tensor_gate(cnn_paster *p, const cnn_tensor *in, int64_t at, cnn_span span, cnn_py *out);

/* Values several times, up to these sizes, the batch first. */
bool cnn_tensor_repeat(cnn_paster *p, const cnn_tensor *in, const cnn_items *sizes, cnn_span span,
                       cnn_py *out);
/* `length` positions of axis `at` from `from` on. */
bool cnn_tensor_part(cnn_paster *p, const cnn_tensor *in, int64_t at, int64_t from, int64_t length,
                     cnn_span span, cnn_py *out);
bool cnn_tensor_split(cnn_paster *p, const cnn_tensor *in, const cnn_items *sizes, int64_t at,
                      cnn_span span, cnn_py *out);

/* Adds the function that a string, a name or a layer names. */
bool cnn_keras_activation(cnn_paster *p, cnn_module *m, const cnn_py *function, cnn_tensor **out);

/* A shape as Keras writes it; `batched`: the batch comes first. */
bool cnn_keras_shape(cnn_paster *p, const cnn_py *shape, bool batched, bool first, cnn_span span,
                     cnn_shape *out);

/* The layers of a model again, applied to another tensor or to a list of them. */
bool cnn_graph_replay(cnn_paster *p, cnn_module *graph, const cnn_py *in, cnn_tensor **out);

/* ---- construct.c ---- */

/* Whether the word is anywhere in the text, also within other words. */
bool cnn_paste_contains(cnn_text text, const char *word);

/* One of nb_row, nb_col, kernel_dim1 and so on: a side of Keras 1's kernel. */
bool cnn_keras1_side(cnn_text name);

/* Keras 1: Convolution2D(32, 3, 3), or nb_row= and nb_col=, is a kernel of 3x3; the sides of
 * Convolution3D likewise. They become one argument, kernel_size. */
bool cnn_keras1_kernel(cnn_paster *p, cnn_text name, cnn_arguments *args);

/* ---- keras_functions.c ---- */

/* tf.nn.max_pool2d and the like; *found: it is one. */
bool cnn_tensorflow_function(cnn_paster *p, cnn_text name, const cnn_arguments *args, bool *found,
                             cnn_py *out);

/* ---- keras_joins.c ---- */

/* Add()([a, b]) and the like. */
bool cnn_keras_join(cnn_paster *p, cnn_module *m, const cnn_py *in, cnn_py *out);

/* add([a, b]) and the like; *found: it is one. */
bool cnn_keras_function(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found,
                        cnn_py *out);

/* Merge([left, right]) of Keras 1, the first layer of a model: its branches' inputs, the branches,
 * and what they give as one. */
bool cnn_keras_merge(cnn_paster *p, cnn_module *m, const cnn_items *inputs, cnn_tensor **out);

/* ---- samples.c ---- */

/* The shape of one sample; false: not all sizes are known. */
bool cnn_samples_shape(const cnn_py *samples, cnn_shape *out);

/* Runs something on samples as on a tensor of a network that is thrown away, and gives the sizes of
 * what comes out. `samples` is the value that becomes the tensor. *done: it was run, which only
 * methods of classes ask for. */
typedef bool cnn_sample_run(cnn_paster *p, void *user, cnn_py *out);
bool cnn_samples_run(cnn_paster *p, cnn_py *samples, cnn_sample_run *run, void *user, bool *done,
                     cnn_py *out);

/* What a class does with its input; NULL: the text does not tell. */
const cnn_py *cnn_forward_of(const cnn_class *type);

/* ---- declared_params.c ---- */

/* The parameters of a module by itself. */
bool cnn_module_counts(cnn_paster *p, cnn_module *m, cnn_known_layer *out);

/* Gives the module and all below it their paths. */
bool cnn_modules_name(cnn_paster *p, cnn_module *module, cnn_text prefix, int32_t depth);
bool cnn_modules_visit(cnn_paster *p, cnn_module *root,
                       bool (*visit)(cnn_paster *, cnn_module *, void *), void *user);

/* Rows for modules that are never used, and for all modules when no sizes are known. */
bool cnn_modules_add_unused(cnn_paster *p, cnn_module *root, cnn_tensor *input);
bool cnn_modules_add_unsized(cnn_paster *p, cnn_module *root, cnn_tensor **at);

/* ---- paste_input.c ---- */

/* What the first layer specifies of its input. */
typedef struct cnn_entry {
    const cnn_module *first;
    int32_t axes;
    int64_t channels; /* 0: it does not say */
    bool open;        /* no layer specifies the axes: two are taken */
    bool loose;       /* the first layer takes others, too */
} cnn_entry;

bool cnn_entry_find(cnn_paster *p, cnn_module *root, cnn_entry *out);

/* The shape that enters; *any: it is known. */
bool cnn_input_find(cnn_paster *p, cnn_module *root, cnn_shape *out, bool *any);

/* The shape that a size as people write it means. */
bool cnn_input_read(cnn_paster *p, cnn_text text, const cnn_entry *entry, cnn_shape *out);

/* Begins the network with the inputs that forward's parameters take, as far as their sizes are
 * known, and gives them as named arguments. */
bool cnn_entrances_find(cnn_paster *p, cnn_module *root, const cnn_py_node *parameters,
                        cnn_arguments *out);

/* Whether all names of -i NAME=SIZE are parameters. */
bool cnn_entrances_check(cnn_paster *p, const cnn_py_node *parameters);

/* The sides of a square input with which `values` enter the first fully connected layer. */
bool cnn_solve_side(cnn_paster *p, cnn_module *root, const cnn_entry *entry, int64_t values,
                    int64_t *low, int64_t *high);

/* Of all sides that fit, the one that is most often used. */
int64_t cnn_usual_side(int64_t low, int64_t high);

/* Gives the mismatches their causes. */
bool cnn_causes_find(cnn_paster *p, cnn_module *root);

#endif
