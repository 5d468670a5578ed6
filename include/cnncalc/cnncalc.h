/*
 * cnncalc - exact feature-map sizes, parameters and MACs of convolutional networks.
 *
 * Text in, exact numbers out:
 *
 *     bytes -> network (a flat DAG, resolved while it is read) -> report -> bytes
 *
 * What holds for every function of this header:
 *
 *   - The library does no input or output, never allocates, never exits and keeps no global that
 *     changes. All memory comes from the caller's cnn_arena; output goes to a cnn_writer.
 *   - A function that can fail returns false and fills a cnn_error; the first error wins. When the
 *     arena is too small the error's code is CNN_OUT_OF_MEMORY: call again with a larger one.
 *   - Arithmetic on the user's numbers is exact 64-bit integer arithmetic. What does not fit is an
 *     error that names the layer, never a wrong number.
 *   - Same bytes in, same bytes out: there is no locale and no environment. Calls on different
 *     arenas may run in different threads at the same time.
 *   - Zero is a valid start: cnn_error err = {0};  there is nothing to free.
 */
#ifndef CNNCALC_H
#define CNNCALC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(CNNCALC_SHARED) && defined(__GNUC__)
#define CNN_API __attribute__((visibility("default")))
#else
#define CNN_API
#endif

#define CNN_VERSION "2.0.0"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- text, memory, output -------------------------------------------------------------------- */

/* Bytes with another owner; not NUL-terminated. {0} is the empty text. */
typedef struct cnn_text {
    const char *data;
    size_t size;
} cnn_text;

/* The bytes [begin, end) of a text, for pointing at the place of an error. */
typedef struct cnn_span {
    uint32_t begin;
    uint32_t end;
} cnn_span;

/*
 * Memory between two pointers. Functions take what they need from it; whatever they return lives
 * there for as long as the caller keeps the memory. To give everything back, set the pointers back:
 * an arena is a value, and a copy of it made before a call is the way to undo the call.
 */
typedef struct cnn_arena {
    unsigned char *low;
    unsigned char *high;
} cnn_arena;

/* An arena over `size` bytes at `memory`. */
CNN_API cnn_arena cnn_arena_over(void *memory, size_t size);

/*
 * Where output goes. `write` gets `user` and some bytes and returns false when they could not be
 * written; nothing more is written after that, and the call that wrote returns CNN_WRITE_FAILED.
 */
typedef struct cnn_writer {
    bool (*write)(void *user, const char *data, size_t size);
    void *user;
} cnn_writer;

/* ---- sizes ----------------------------------------------------------------------------------- */

enum { CNN_AXES = 3 }; /* room for depth x height x width; the language writes height x width */

/* The size of one value. A map has channels and sides, a vector only channels (its features). */
typedef struct cnn_shape {
    int64_t channels;
    int64_t side[CNN_AXES]; /* height, width; those beyond `axes` are 0 */
    int32_t axes;           /* 0: a vector; 2: a map */
} cnn_shape;

/* ---- errors ---------------------------------------------------------------------------------- */

/* The codes a program has to tell apart; all others mean that some input is wrong. */
enum { CNN_OK = 0, CNN_OUT_OF_MEMORY = 1, CNN_WRITE_FAILED = 2, CNN_READ_FAILED = 3 };

/* Which of the caller's texts an error's span lies in. */
typedef enum cnn_source {
    CNN_SOURCE_LAYERS,  /* the layer list */
    CNN_SOURCE_INPUT,   /* cnn_settings.input */
    CNN_SOURCE_DEFINE,  /* cnn_settings.defines[error.index] */
    CNN_SOURCE_COLUMNS, /* cnn_report_options.columns */
    CNN_SOURCE_FORMAT,  /* cnn_report_options.format */
    CNN_SOURCE_CLAIM,   /* an answer to check */
    CNN_SOURCE_WANT,    /* what to solve for */
    CNN_SOURCE_VALUES,  /* numbers for gradients */
    CNN_SOURCE_DTYPE,   /* cnn_report_options.dtype */
    CNN_SOURCE_TRAIN,   /* cnn_report_options.train */
    CNN_SOURCE_DEVICE,  /* cnn_report_options.device */
    CNN_SOURCE_CHECKPOINT, /* cnn_report_options.checkpoint */
    CNN_SOURCE_LOSS,    /* cnn_gradient_options.loss */
    CNN_SOURCE_LIKE,    /* the name of another program */
    CNN_SOURCE_FROM,    /* cnn_settings.from */
    CNN_SOURCE_MODEL,   /* cnn_settings.model */
    CNN_SOURCE_FILE     /* a model file: the place is the byte `index`, without a span */
} cnn_source;

/*
 * What went wrong, as a value: cheap to make, turned into sentences by cnn_error_write only when
 * they are printed. Words point into the texts that were read, at constants, or into the
 * memory of the arena.
 */
typedef struct cnn_error {
    int32_t code;       /* CNN_OK, or what went wrong; cnn_error_id names it */
    cnn_source source;  /* the text that `span` and `call` lie in */
    int64_t index;      /* which of several such texts, from 0; in a model file, the byte */
    cnn_span span;      /* the place */
    cnn_span call;      /* the item at the top level that led there; empty when it is the place */
    int64_t number[4];  /* the numbers of the sentence */
    cnn_text word[3];   /* its words */
    cnn_shape shape[2]; /* its shapes */
} cnn_error;

/* A stable name for the error's code, such as "kernel-too-large"; "ok" for none. Never NULL. */
CNN_API const char *cnn_error_id(const cnn_error *err);

/* The error's sentence in one line, without its place. False: the writer failed. */
CNN_API bool cnn_error_write_line(const cnn_error *err, cnn_writer *to);

/* Its way out, in one line; nothing when there is none. No option of a program is named in it. */
CNN_API bool cnn_error_write_hint(const cnn_error *err, cnn_writer *to);

/* A change of the text that ends an error: `text` in place of the bytes of `span`. */
typedef struct cnn_repair {
    cnn_span span;
    char text[96]; /* not NUL-terminated */
    uint32_t size; /* of it */
} cnn_repair;

/* The change that the way out names first, where it names one: the nearest known word for
 * an unknown one, a missing comma. `text` is the one that the error's span lies in. False: there is none. */
CNN_API bool cnn_error_repair(const cnn_error *err, cnn_text text, cnn_repair *out);

/*
 * The error as a JSON object: id, message, hint, source, span, call and repair, without those that
 * it does not have. False: the writer failed.
 */
CNN_API bool cnn_error_write_json(const cnn_error *err, cnn_text text, cnn_writer *to);

/*
 * The error for people: sentence, place, source line, caret and way out, in several lines.
 * `text` is the text the error's span lies in and `name` what to call it ("--layers", a file name).
 * False: the writer failed.
 */
CNN_API bool cnn_error_write(const cnn_error *err, cnn_text text, cnn_text name, cnn_writer *to);

/* Line and column of a byte of `text`, both from 1; columns count code points. */
CNN_API void cnn_text_locate(cnn_text text, size_t offset, int64_t *line, int64_t *column);

/* ---- networks -------------------------------------------------------------------------------- */

/* What a layer's text can give. The first nine hold numbers, the others are only given or not. */
typedef enum cnn_attr {
    CNN_SIZE,     /* the kernel; for other layers a factor, a target side, a count */
    CNN_CHANNELS, /* filters or units, the number after the "-" */
    CNN_STRIDE,
    CNN_PAD, /* padding before the first row and column */
    CNN_DILATION,
    CNN_GROUPS,
    CNN_BIAS,  /* 1: the layer has biases (a norm: learned factors and shifts); 0: it has none */
    CNN_EXTRA, /* rows and columns added to a transposed convolution's output */
    CNN_PAD_AFTER, /* padding after the last row and column; given together with CNN_PAD */
    CNN_NUMBERS,
    CNN_SAME = CNN_NUMBERS, /* padding so that output = ceil(input / stride) */
    CNN_VALID,              /* no padding */
    CNN_CEIL,               /* round the output size up */
    CNN_SAME_TF,            /* with CNN_SAME: the padding that TensorFlow makes */
    CNN_ALL,                /* over all values, not only the channels */
    CNN_ATTRS
} cnn_attr;

/*
 * What a layer's text gives, defaults filled in: a number for each axis; those without axes
 * (channels, groups, bias) use axis 0. What depends on the input is not among it: the padding of
 * "same", the groups of a depthwise convolution.
 */
typedef struct cnn_attrs {
    int64_t value[CNN_NUMBERS][CNN_AXES];
    uint32_t given; /* bit 1 << attr: the text gives it; otherwise this is its default */
} cnn_attrs;

/* A kind of layer; an entry of the table of kinds. */
typedef struct cnn_op cnn_op;

/* The kind's name in the layer language ("conv", "FC"). */
CNN_API const char *cnn_op_name(const cnn_op *op);

/* A value of a network: an input, or what a layer gives; the index of that input or layer. */
typedef int32_t cnn_node;

/* One item of the list at the top level, when it is more than a bare layer. */
typedef struct cnn_item {
    cnn_text label; /* empty when it has none */
    cnn_span span;  /* its text, without the label */
    int32_t first;  /* its layers are [first, end) */
    int32_t end;
    bool composite; /* a group, call or join: one row adds its layers up */
} cnn_item;

/* Where a layer is in definitions, repeats and branches; NULL at the top level. */
typedef struct cnn_path {
    const struct cnn_path *parent;
    cnn_text name;  /* of a label or definition; empty for a repeated group and for a branch */
    int32_t number; /* of the repetition, from 1; 0: not repeated */
    int32_t branch; /* of a join, from 1; 0: no branch */
} cnn_path;

/* A branch of a join (or the list of an aux). */
typedef struct cnn_branch {
    int32_t first; /* its layers are [first, end) */
    int32_t end;
    int32_t start; /* the layer whose output it begins with */
    int32_t entry; /* the layer whose output enters the join */
} cnn_branch;

/*
 * One layer. A network begins with its inputs; a layer reads the outputs of earlier layers, which
 * `sources` names by their index. Sizes, parameters and MACs are of this layer alone.
 */
typedef struct cnn_layer {
    const cnn_op *op;
    const cnn_attrs *attrs;     /* layers of the same text may share them */
    int64_t pad_low[CNN_AXES];  /* padding before the first row and column, as used */
    int64_t pad_high[CNN_AXES]; /* and after the last */
    cnn_shape in;               /* of the first source */
    cnn_shape out;
    int64_t weights;    /* trained; scale, norm and PReLU parameters are among them */
    int64_t biases;     /* trained; the shifts of a norm are among them */
    int64_t statistics; /* kept but not trained: mean and variance of a batch norm */
    int64_t macs;       /* multiply-accumulates: one per use of a weight; 0 in auxiliary heads */
    const int32_t *sources;
    const cnn_branch *branches; /* of a join, as many as sources; of an aux, one; else NULL */
    const cnn_item *item;       /* the item it belongs to; NULL: it is one by itself */
    const cnn_path *path;
    cnn_span span; /* its text */
    int32_t index; /* its number in the network */
    int32_t source_count;
    int32_t source_one;  /* what `sources` points at where there is only one */
    cnn_node weights_of; /* the layer whose weights it uses again, which count there; 0: its own */
    cnn_text label;      /* names its output; empty: nothing does */
    const struct cnn_keep_rule *keep_rule; /* of pasted code: what it keeps for training, where
                                              that differs from its kind; NULL: it does not */
    bool aux;            /* part of an auxiliary head */
    bool frozen;         /* its parameters are not trained */
} cnn_layer;

/* Sums over all layers. */
typedef struct cnn_totals {
    int64_t params; /* weights + biases, auxiliary heads included */
    int64_t params_without_aux;
    int64_t weights;
    int64_t biases;
    int64_t statistics;
    int64_t statistics_without_aux;
    int64_t macs; /* auxiliary heads excluded: they do not run at inference */
    int64_t frozen; /* of the parameters, those that are not trained */
} cnn_totals;

/*
 * A number of pasted code that differs from what enters: the network goes on with what enters.
 * `kind` is linear-in, conv-in, norm-in, no-flatten, view or view-batch.
 */
typedef struct cnn_mismatch {
    const char *kind;
    cnn_text layer;     /* its path in the code: features.0 */
    int64_t declared;   /* in the code */
    int64_t enters;     /* what enters: channels, features or values */
    int64_t write;      /* the number to write; 0: there is none */
    cnn_shape shape;    /* what enters as a map, before it is flattened */
    cnn_text code;      /* what to write: nn.Linear(576, 120) */
    cnn_text cause;     /* where the declared number may come from; empty: not known */
    cnn_node value;     /* what enters, of the network */
    cnn_span span;      /* of the number */
    const struct cnn_mismatch *next;
} cnn_mismatch;

/* Something a reader should know about pasted code. */
typedef struct cnn_remark {
    const char *sentence; /* {a} in it is the word, {l} the line of the place */
    cnn_text word;
    cnn_span span;
    const struct cnn_remark *next;
} cnn_remark;

/* What is known of a network that was read from pasted text. */
typedef struct cnn_pasted {
    const char *dialect;
    const cnn_mismatch *mismatches; /* in their order; NULL: there are none */
    int32_t mismatch_count;
    const cnn_remark *remarks;
    const struct cnn_edit *edits; /* see cnn_paste_fix_write */
} cnn_pasted;

/* A network, resolved: every size and count is known. All of it lives in the arena it came from. */
typedef struct cnn_network {
    cnn_text text; /* the list it was read from */
    cnn_layer *layers;
    int32_t layer_count; /* with the inputs, which come first */
    int32_t input_count; /* 1 or more */
    int32_t output;      /* the layer whose output is the network's */
    cnn_totals totals;
    bool nested;    /* read from a list: joins know their branches, and layers their items */
    bool sums_only; /* see cnn_model_whole */
    const cnn_pasted *pasted; /* NULL: it was read from a list */
} cnn_network;

/* How to read a list. {0} is everything as the list gives it. */
typedef struct cnn_settings {
    cnn_text input;          /* "224", "3x224x224", ...; empty: what the list gives */
    cnn_text standard_input; /* when neither gives one; empty: "3x224x224" */
    const cnn_text *inputs;  /* input_count texts "NAME=224": sizes of inputs by their names */
    int32_t input_count;
    const cnn_text *defines; /* define_count texts "NAME=N", which override named numbers */
    int32_t define_count;
    cnn_text from;  /* of pasted text: its dialect; empty: recognised */
    cnn_text model; /* of pasted code: the class or variable that is meant; empty: the last one */
} cnn_settings;

/* The limits that keep hostile lists harmless; beyond them there is an error. */
enum {
    CNN_MAX_BYTES = 1 << 20,  /* bytes of one list */
    CNN_MAX_LINE = 1 << 18,   /* bytes of one list among many, see cnn_batch_write_row */
    CNN_MAX_NESTING = 200,    /* parentheses, calls, labels and counts inside one another */
    CNN_MAX_LAYERS = 1000000, /* layers after expansion */
    CNN_MAX_STEPS = 4000000,  /* items read during expansion, except plain layers */
    CNN_MAX_REREAD = 1 << 27  /* bytes read again for repeats, calls and layer arguments */
};

/*
 * Reads a layer list and resolves it: input size from the settings, the list, or 3x224x224.
 * `text` must outlive the network, which keeps views of it.
 */
CNN_API bool cnn_network_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                              cnn_network *out, cnn_error *err);

/* A network that the library knows by its name. */
typedef struct cnn_example {
    const char *name;
    const char *aliases; /* separated by blanks */
    const char *brief;
    const char *source;
    cnn_text text; /* its list */
} cnn_example;

/* In the order of their names, from 0. NULL: there are no more. */
CNN_API const cnn_example *cnn_example_at(size_t place);

/* The one of that name or alias, whatever the case. NULL: there is none. */
CNN_API const cnn_example *cnn_example_find(cnn_text name);

/* The name or alias most like it; empty: none is near. */
CNN_API cnn_text cnn_example_nearest(cnn_text name);

/* A word of the language. */
typedef struct cnn_vocable {
    const char *name;
    const char *others;  /* that mean the same, separated by blanks; may be empty */
    const char *brief;   /* what it is */
    const char *example; /* of a layer: one that fits an input of 16x32x32; NULL: an attribute */
} cnn_vocable;

/* All layers, then all attributes that are written with letters. *at is 0 at first. False: there
 * are no more. */
CNN_API bool cnn_vocable_next(size_t *at, cnn_vocable *out);

/* ---- building networks without text ---------------------------------------------------------- */

/*
 * A network under construction. Begin one, add its inputs, then layers, each of which reads values
 * that are there already; any such graph will do, not only nested branches. Each layer is resolved
 * when it is added. After an error the builder is of no use.
 */
typedef struct cnn_builder cnn_builder;

/* The kind with this name or alias ("conv", "FC", "add"), whatever the case. NULL: there is none. */
CNN_API const cnn_op *cnn_op_find(cnn_text name);

/* One layer to be added. Zeros are valid, except for the kind and the sources. */
typedef struct cnn_layer_spec {
    const cnn_op *op;
    const cnn_attrs *attrs;  /* what `given` names of them is checked and used, the rest gets the
                                kind's defaults; padding before and after an axis is given by
                                CNN_PAD, both in `value`. NULL: nothing is given */
    const cnn_node *sources; /* what it reads: one value; two or more for add, mul and cat; the
                                value and the one that has the size for resize and crop */
    int32_t source_count;
    cnn_node weights_of; /* a layer of the same kind and attributes whose weights it uses again, so
                            that they count once; 0: its own weights */
    cnn_text label;       /* names its output in cnn_network_write; may be empty */
    const cnn_path *path; /* where it is, for reports; may be NULL */
    cnn_span span;        /* its place in a text of the caller's, for errors */
    bool aux;             /* part of an auxiliary head */
    bool frozen;          /* its parameters are not trained */
} cnn_layer_spec;

/* Begins a network in `arena`, of which nothing else may be taken from the low end until the end.
 * Later errors go to `err`, too. NULL: the arena is too small. */
CNN_API cnn_builder *cnn_builder_begin(cnn_arena *arena, cnn_network *net, cnn_error *err);

/* Adds an input, before the first layer. *out is its value. */
CNN_API bool cnn_builder_input(cnn_builder *builder, cnn_text label, const cnn_shape *shape,
                               cnn_span span, cnn_node *out);

/* Adds a layer. *out is its output. The texts and the path must outlive the network. */
CNN_API bool cnn_builder_layer(cnn_builder *builder, const cnn_layer_spec *spec, cnn_node *out);

/* The shape of a value. */
CNN_API cnn_shape cnn_builder_shape(const cnn_builder *builder, cnn_node value);

/* Ends the network, whose output is this value. */
CNN_API bool cnn_builder_end(cnn_builder *builder, cnn_node output);

/* Folds batch norms into the convolutions and fully connected layers before them, which then have
 * biases: what is left of a norm is an id. Those that another layer reads, or whose weights are used
 * again, stay. In place; `arena` is the network's. False: it is too small. */
CNN_API bool cnn_network_fold(cnn_network *net, cnn_arena *arena, cnn_error *err);

/* ---- networks as text ------------------------------------------------------------------------ */

/* The layer in the language's canonical form: numbers filled in, defaults left out. */
CNN_API bool cnn_layer_write(const cnn_layer *layer, cnn_writer *to);

/* Where a layer is, like "layer1/neck[2]/a"; nothing for a bare layer at the top level. */
CNN_API bool cnn_path_write(const cnn_path *path, cnn_writer *to);

/*
 * The whole network as one list without definitions, repeats and names, one item per line. Read
 * again it gives the same totals. `scratch` is used during the call only.
 */
CNN_API bool cnn_network_write(const cnn_network *net, cnn_arena scratch, cnn_writer *to,
                               cnn_error *err);

/* ---- pasted code ----------------------------------------------------------------------------- */

/* Whether the text is code or a printout of a framework, and no list; it looks at the first bytes
 * only. */
CNN_API bool cnn_paste_recognise(cnn_text text);

/*
 * Reads code for PyTorch or Keras, or what print(model) prints. Nothing is executed: the code is
 * followed by a small evaluator with limits on steps, depth and memory. Sizes come from
 * settings->input, from the text, or from the first fully connected layer; without any of them the
 * output's shape has 0 channels and only parameters are known. Numbers that differ from what enters
 * are in out->pasted->mismatches.
 */
CNN_API bool cnn_paste_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                            cnn_network *out, cnn_error *err);

/* The text with every number of the mismatches repaired, and every other byte as it was. */
CNN_API bool cnn_paste_fix_write(const cnn_network *net, cnn_writer *to);

/* Whether the text is what Keras, torchsummary or torchinfo print of a model. */
CNN_API bool cnn_summary_recognise(cnn_text text);

/* Judges every row and total of such a summary about the network. */
CNN_API bool cnn_summary_check(const cnn_network *net, cnn_text text, cnn_writer *to,
                               bool *all_right, cnn_error *err);

/* The mismatches of a network in sentences, a few lines each. */
CNN_API bool cnn_mismatches_write(const cnn_network *net, cnn_writer *to);

/* ---- reports --------------------------------------------------------------------------------- */

typedef struct cnn_report_options {
    cnn_text format;  /* "table" when empty */
    cnn_text columns; /* "index,layer,params"; "+rf" adds to the default; empty: the default */
    bool all;         /* one row per layer also inside definitions and groups */
    bool style;       /* terminal attributes in the table: bold heading and total, coloured bars */
    int32_t width;    /* of the terminal that the table has to fit, in columns of text; 0: of any
                         width. Names are shortened and columns give way, outputs and parameters
                         never */
    int32_t samples;  /* for memory; 0 means 1 */
    cnn_text dtype;   /* for memory: "f32" when empty, "f16", "bf16", "f64", "i8"; "i4,i8": of
                         weights (i4, i2, i1 too) and of activations */
    cnn_text train;   /* for the memory of training: "none", "sgd", "momentum", "adam", "adamw";
                         empty:   it is not shown */
    cnn_text device;  /* on which training runs: "cpu" when empty, "cuda" */
    cnn_text checkpoint; /* what training computes again: "4" parts, or labels "a,b"; empty: nothing */
    bool standalone;  /* LaTeX: a whole document, not a fragment */
} cnn_report_options;

/* Writes the report. `scratch` is used during the call only. */
CNN_API bool cnn_report_write(const cnn_network *net, const cnn_report_options *options,
                              cnn_arena scratch, cnn_writer *to, cnn_error *err);

/* A network that gets one row. */
typedef struct cnn_named_network {
    const char *name;
    cnn_network network;
} cnn_named_network;

/*
 * Writes one row for each of `count` networks, and no total: sizes and sums, also those that only a
 * network has; "macs/first" is the ratio to the first one. Formats: table, markdown, tsv, csv, json.
 * An error about one of them has its index.
 */
CNN_API bool cnn_beside_write(const cnn_named_network *networks, int32_t count,
                              const cnn_report_options *options, cnn_arena scratch, cnn_writer *to,
                              cnn_error *err);

/* Whether a report with these options, or with `batch` the rows of many lists, has anything that
 * depends on the samples and on the data type. */
CNN_API bool cnn_memory_shown(const cnn_report_options *options, bool batch);

/*
 * Writes the working of the chosen columns, layer by layer: the formula, the numbers put in, the
 * result; then the sums. Formats: table (plain text), markdown, latex (needs amsmath), json. Layers
 * that are worked like an earlier one refer to it, except in JSON. `scratch` is used during the call
 * only.
 */
CNN_API bool cnn_explain_write(const cnn_network *net, const cnn_report_options *options,
                               cnn_arena scratch, cnn_writer *to, cnn_error *err);

/* Writes what a reader should know besides the numbers, a line each: rows left unread by a stride
 * that does not fit, an input that looks turned round. Nothing for formats read by machines. */
CNN_API bool cnn_remarks_write(const cnn_network *net, const cnn_report_options *options,
                               cnn_arena scratch, cnn_writer *to);

/* ---- many lists ------------------------------------------------------------------------------ */

/* How to answer many lists with a row each. */
typedef struct cnn_batch_options {
    cnn_text format;  /* "tsv" when empty, "csv", or "json": one JSON object in each line */
    cnn_text columns; /* "line,params"; "+flops" adds to the default; empty: the default, which is
                         line,output,params,macs,error */
    cnn_text input;   /* for lists without an "input ...;" of their own; empty: "3x224x224" */
    const cnn_text *defines; /* define_count texts "NAME=N", for every list */
    int32_t define_count;
    int32_t samples; /* for memory, as in cnn_report_options */
    cnn_text dtype;
    cnn_text train;
    cnn_text device;
    cnn_text checkpoint;
    bool fold; /* batch norms are folded first, see cnn_network_fold */
    /* The list of a network that a line names instead of giving one ("vgg16", or "input 3x64x64;
     * vgg16"); an empty text: there is no such network. NULL: lines name none. */
    cnn_text (*network)(void *user, cnn_text name);
    void *user;
} cnn_batch_options;

/* What all rows share. Immutable; may be shared by threads. */
typedef struct cnn_batch cnn_batch;

/* Prepares it once, in `arena`; the options' texts must outlive it. NULL: an option is wrong. */
CNN_API const cnn_batch *cnn_batch_make(cnn_arena *arena, const cnn_batch_options *options,
                                        cnn_error *err);

/* The first line of the output: the columns' names; nothing in JSON. False: the writer failed. */
CNN_API bool cnn_batch_write_header(const cnn_batch *batch, cnn_writer *to);

/*
 * Writes the row of one list: `line` is its text, `number` what the row calls it. `scratch` is used
 * during the call only. A list that is wrong has a row too, with the error and its column; `err` then says
 * what the row says. A blank line or a comment has a row without values. A line longer than
 * CNN_MAX_LINE is refused without a look at its bytes, which need not be there. An `err` that says
 * something already is what the row says: for a list there is no memory to read. False: no row was
 * written, because the writer failed or `scratch` is too small; `err` says which.
 */
CNN_API bool cnn_batch_write_row(const cnn_batch *batch, cnn_text line, int64_t number,
                                 cnn_arena scratch, cnn_writer *to, cnn_error *err);

/* ---- gradients ------------------------------------------------------------------------------- */

/*
 * For a chain of FC, conv, dwconv, maxpool, avgpool, gap, flatten, reshape, sigmoid, tanh, relu and
 * softmax: the derivatives of a loss l with respect to everything. x is the input, y what is wanted
 * of the output, W1 and b1 the weights and biases of the first layer that has weights, z1 its
 * output, a1 that of the function after it, p1 of a pooling, v1 of a flattening. Any other layer,
 * or a branch, is an error that names it.
 */
typedef struct cnn_gradient_options {
    cnn_text format; /* "text" when empty; "markdown", "latex", "json" */
    cnn_text loss;   /* "squares" when empty: sum((a - y)^2); "half-squares", "mean-squares";
                        "cross-entropy": of logits, y a class, or one at each position of a map;
                        "binary-cross-entropy": of sigmoids */
    cnn_text values; /* "x = [1 2]; W1 = [1 2; 3 4] ...": a row per unit or filter, maps and filters
                        channel by channel, row by row; empty: random ones, from `seed` */
    uint64_t seed;
} cnn_gradient_options;

/* The forward pass and all derivatives as formulas, with the shape of each. Of any size. */
CNN_API bool cnn_gradient_derive(const cnn_network *net, const cnn_gradient_options *options,
                                 cnn_arena scratch, cnn_writer *to, cnn_error *err);

/*
 * The loss and the derivatives with respect to x, W1, b1, ... in double precision, written so that
 * they read back exactly, and their largest distance from central differences; with the values
 * themselves when these are random. A network that is too large is an error with its cost.
 */
CNN_API bool cnn_gradient_compute(const cnn_network *net, const cnn_gradient_options *options,
                                  cnn_arena scratch, cnn_writer *to, cnn_error *err);

/* Whether an answer to check is about a gradient: whether its left side is dW2, db1, dl/dx ... */
CNN_API bool cnn_gradient_claimed(cnn_text claim);

/*
 * Judges claimed derivatives such as "dW2 = dz2 * a1^T", one on a line; later ones may use earlier
 * ones. Right means equal at random points (and at the given values). What is wrong is told with
 * the kind of wrong. `wrong` is the number of claims that are not right, "follows" not among them.
 */
CNN_API bool cnn_gradient_check(const cnn_network *net, const cnn_gradient_options *options,
                                cnn_text claims, cnn_arena scratch, cnn_writer *to, int32_t *wrong,
                                cnn_error *err);

/* ---- homework -------------------------------------------------------------------------------- */

/* An answer to check, "params=1792,73856" for example, or the text of a whole sheet of answers in
 * the shape of the format "tsv". */
typedef struct cnn_claim_text {
    cnn_text text;
    bool sheet;
} cnn_claim_text;

/* How many answers there are of each verdict. */
typedef struct cnn_check_counts {
    int32_t right;
    int32_t follows; /* right given an earlier wrong answer */
    int32_t wrong;
    int32_t unread; /* rows of a sheet that were not understood */
} cnn_check_counts;

/*
 * Checks `count` claims about the network and writes for each whether it is right, and if not what
 * is right and which mistakes give exactly the claimed number; as text (format "table") or as
 * "json". What is right given an earlier wrong answer follows from it and is not a new mistake.
 * A row of a sheet that is not understood is told in its place, and the others are checked. An
 * error has the claim's index.
 */
CNN_API bool cnn_check_write(const cnn_network *net, const cnn_claim_text *claims, int32_t count,
                             const cnn_report_options *options, cnn_arena scratch, cnn_writer *to,
                             cnn_check_counts *counts, cnn_error *err);

/* What to solve for. */
typedef struct cnn_solve_options {
    cnn_text format;       /* "table" when empty: one list on each line; or "json" */
    const cnn_text *wants; /* "56", "64x56x56", "params=5M", "macs<=600M": all have to hold */
    int32_t want_count;
    int32_t samples; /* for memory, as in cnn_report_options */
    cnn_text dtype;
    cnn_text train;
    cnn_text device;
    cnn_text checkpoint;
    bool fold; /* batch norms are folded first, see cnn_network_fold */
    /* Called now and then: combinations tried so far, and in all; may be NULL. */
    void (*progress)(void *user, int64_t tried, int64_t all);
    void *user;
} cnn_solve_options;

/*
 * Searches numbers for each "?" of the list and of settings->input, and writes every list that
 * gives what is wanted, smallest numbers first, in one line and ready to be read again; one that
 * begins with its input when that was unknown. Of a budget ("params=5M", "<=") those that come
 * nearest are written. *found: there are any. `notes` gets, in sentences, how far was searched and
 * when nothing was found the nearest misses on both sides. `settings->unknowns` is not used.
 */
CNN_API bool cnn_solve_write(cnn_text text, const cnn_settings *settings,
                             const cnn_solve_options *options, cnn_arena scratch, cnn_writer *to,
                             cnn_writer *notes, bool *found, cnn_error *err);

/*
 * Searches how many samples may pass at once while all wants hold ("train<=8GiB"; "train=8GiB" means
 * the same), and writes the largest number. *found: there is one. `notes` gets what that many take,
 * and one more. options->samples is not used.
 */
CNN_API bool cnn_samples_write(const cnn_network *net, const cnn_solve_options *options,
                               cnn_arena scratch, cnn_writer *to, cnn_writer *notes, bool *found,
                               cnn_error *err);

/*
 * Writes the totals that another program would report for this network, and layer by layer where
 * the difference comes from; as text (format "table") or "json". `tool` is torchinfo, thop,
 * ptflops, fvcore, darknet, keras or cs231n.
 */
CNN_API bool cnn_like_write(const cnn_network *net, cnn_text tool,
                            const cnn_report_options *options, cnn_arena scratch, cnn_writer *to,
                            cnn_error *err);

/* ---- model files ----------------------------------------------------------------------------- */

/*
 * Where the bytes of a file come from, one piece after the other. `read` gets room for `size` bytes
 * and sets *got to how many it filled in, 0 at the end; false: reading failed, and the call that
 * read returns CNN_READ_FAILED. `skip` passes over `size` bytes or fewer and sets *skipped to how
 * many there were; it may be NULL, then they are read.
 */
typedef struct cnn_byte_source {
    bool (*read)(void *user, void *into, size_t size, size_t *got);
    bool (*skip)(void *user, int64_t size, int64_t *skipped);
    void *user;
} cnn_byte_source;

/* Whether a file that begins with these bytes is a model file, or another file of weights that
 * cnn_model_read names in its error, rather than a text. 64 bytes tell. */
CNN_API bool cnn_model_begins(cnn_text bytes);

/* A model that was read: its graph, the shape of everything in it, and what it costs. */
typedef struct cnn_model cnn_model;

/*
 * Reads an ONNX model of any opset up to 26 and works out all shapes itself; weights are passed
 * over. `inputs` are the sizes of inputs, batch first: "x=1x3x640x640", without the name when there
 * is one input; or the value of an input that is a single number: "rate=16000". A batch that the
 * file leaves open is 1; another size left open is an error that names the option. All memory comes
 * from the arena, so much as the graph needs. Source: github.com/onnx/onnx, docs/Operators.md
 */
CNN_API bool cnn_model_read(cnn_arena *arena, const cnn_byte_source *from, const cnn_text *inputs,
                            int32_t input_count, cnn_model **out, cnn_error *err);

/* Writes it as a table, "tsv", "csv" or "json": a row for each node that has parameters or
 * multiply-accumulates, or with options->all for each node. */
CNN_API bool cnn_model_write(const cnn_model *model, const cnn_report_options *options,
                             cnn_arena scratch, cnn_writer *to, cnn_error *err);

/* The model as a network of the layer language, for all that can be done with one: the same layers,
 * shapes and sums, per sample. An error names the node that the language has no layer for. It needs
 * the arena that the model was read into. */
CNN_API bool cnn_model_network(cnn_model *model, cnn_arena *arena, cnn_network *out,
                               cnn_error *err);

/* The model as a network of one layer that has all its parameters and MACs: for checking totals and
 * budgets of a model that the language has no layers for. What depends on its layers (memory, what
 * training keeps, receptive fields) is not known of it. */
CNN_API bool cnn_model_whole(const cnn_model *model, cnn_arena *arena, cnn_network *out,
                             cnn_error *err);

/* Writes what a reader should know besides, a line each: what is unknown, and where onnxruntime
 * gives another shape than the standard. */
CNN_API bool cnn_model_write_remarks(const cnn_model *model, cnn_writer *to);

/* ---- documentation, from the tables ---------------------------------------------------------- */

typedef enum cnn_help {
    CNN_HELP_LAYERS,
    CNN_HELP_COLUMNS,
    CNN_HELP_FORMATS,
    CNN_HELP_BATCH_COLUMNS,
    CNN_HELP_PYTORCH, /* the framework's layers that are read, with their arguments in order */
    CNN_HELP_KERAS
} cnn_help;

/* Every layer kind, column or format with its one-line description; as a Markdown table on wish. */
CNN_API bool cnn_help_write(cnn_help topic, bool markdown, cnn_writer *to);

#ifdef __cplusplus
}
#endif
#endif
