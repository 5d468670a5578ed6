/* Pasted code while it is followed: values of Python, modules, and the network that they make. */
#ifndef CNN_PASTE_PASTE_H
#define CNN_PASTE_PASTE_H

#include "net/network.h"
#include "paste/syntax.h"

/* Limits that keep hostile code harmless. */
enum {
    CNN_PASTE_STEPS = 1000000,  /* nodes evaluated */
    CNN_PASTE_CALLS = 60,       /* functions inside one another */
    CNN_PASTE_DEPTH = 1000,     /* nodes and modules inside one another */
    CNN_PASTE_BYTES = 12 << 20, /* memory for all of it */
    CNN_PASTE_ARGS = 16         /* arguments of a framework's layer */
};

/* ---- values ---- */

typedef enum cnn_py_kind {
    CNN_PY_NONE,
    CNN_PY_BOOL,
    CNN_PY_INT,
    CNN_PY_FLOAT,
    CNN_PY_STRING,
    CNN_PY_LIST,
    CNN_PY_TUPLE,
    CNN_PY_DICT,   /* items: key, value, key, value */
    CNN_PY_NAME,   /* a dotted name without a value in the text: nn.Conv2d */
    CNN_PY_OPAQUE, /* something that is not followed: an optimiser, data */
    CNN_PY_BATCH,  /* the number of samples */
    CNN_PY_TENSOR,
    CNN_PY_SAMPLES, /* a tensor made in the text, of known sizes: torch.randn(1, 3, 32, 32) */
    CNN_PY_MODULE,  /* or any other object of a class of the text */
    CNN_PY_CLASS,
    CNN_PY_FUNCTION, /* `self` is set: a method of it */
    CNN_PY_SUPER,    /* super() in a method of class `type` */
    CNN_PY_SLICE,    /* items: from, to, step */
    CNN_PY_PARTIAL   /* functools.partial; items: what is called, then a name and a value each */
} cnn_py_kind;

typedef struct cnn_items {
    struct cnn_py *at;
    int32_t count, room;
} cnn_items;

typedef struct cnn_py {
    uint8_t kind;
    cnn_span origin; /* where a number was written; a name: all of it, dots included */
    cnn_text text;   /* of a string; the last part of a name; what an opaque value is called */
    union {
        int64_t number;
        double real;
        cnn_items *items;
        struct cnn_tensor *tensor;
        struct cnn_module *module;
        const struct cnn_class *type;
        const struct cnn_closure *function;
    };
    struct cnn_module *self;
} cnn_py;

enum { CNN_BOUND = 1 }; /* number of a name: a method, whose object is the first argument */

typedef struct cnn_variable {
    cnn_text name;
    cnn_py value;
    struct cnn_variable *of; /* global or nonlocal: the variable that it means; NULL: itself */
    struct cnn_variable *next;
} cnn_variable;

typedef struct cnn_frame {
    cnn_variable *variables;
    struct cnn_frame *outer;      /* where a name is looked for next; NULL: these are the globals */
    const struct cnn_class *type; /* whose method runs */
    struct cnn_module *self;
    cnn_items *yields; /* what a generator has given so far; NULL: it is none */
    bool each;         /* of a comprehension: it has only the names that are bound in it */
} cnn_frame;

typedef struct cnn_closure {
    const cnn_py_node *node;
    cnn_frame *frame;       /* where it was defined */
    const cnn_py *defaults; /* of its parameters, one for each */
    const struct cnn_class *type;
    const struct cnn_class *bound; /* a method of a class: the one it was asked from */
} cnn_closure;

typedef struct cnn_class {
    const cnn_py_node *node;
    const struct cnn_class **order; /* itself and its bases of the text, as they are searched */
    int32_t order_count;
    cnn_text foreign;    /* the base that is not of the text, its last part: Module */
    cnn_py foreign_base; /* and all of it */
    cnn_variable *members;
    bool used;   /* by another class */
    bool tuple;  /* a named tuple: its fields are its elements */
    bool fields; /* a dataclass: what has a type in its body are arguments of its objects */
    const struct cnn_class *next;
} cnn_class;

/* ---- modules ---- */

typedef enum cnn_container {
    CNN_CONTAINER_NONE,
    CNN_CONTAINER_SEQUENTIAL,
    CNN_CONTAINER_LIST,
    CNN_CONTAINER_DICT,
    CNN_CONTAINER_GRAPH /* Keras: Model(inputs, outputs) */
} cnn_container;

/* A layer of a framework with its arguments, a container, or an object of a class. */
typedef struct cnn_module {
    const struct cnn_framework_row *row; /* NULL: no layer */
    const cnn_class *type;               /* NULL: no object of a class of the text */
    cnn_container container;
    cnn_text kind; /* the name by which a layer was made: Conv2d */
    int32_t axes;  /* of a layer whose name gives them: Conv2d */
    cnn_py *args;  /* of a layer, in the order of its row; defaults filled in */
    const cnn_py_node **places;
    uint32_t given;
    const cnn_py_node *call; /* where it was made */
    cnn_variable *members, **last;
    int32_t count;           /* children of a container */
    bool listed;             /* read from a printout: a list of modules, */
    bool within;             /* or inside of a class whose wiring is its own */
    cnn_py inputs, outputs;  /* of a graph, */
    const cnn_items *ends;   /* all outputs, when there are several, */
    const cnn_layer *layers; /* and the network that it is a part of */
    cnn_text name;           /* its path: features.0 */
    cnn_text title;          /* name= of Keras */
    int32_t uses;
    int32_t first;           /* of the layers that it added when it was applied first */
    int32_t added;           /* how many it added this time */
    cnn_text called;         /* one made for a call: the function, max_pool2d */
    int32_t flow;            /* the number of the network in which it was applied last, */
    int32_t uses_before;     /* and its uses before that */
    int32_t visited;         /* the last walk that saw it */
    struct cnn_module *copy; /* made by the deep copy of this number */
    int32_t copied;
    bool registered;         /* reached from the root as its framework does */
    struct cnn_module *next; /* in the order of their making */
} cnn_module;

/* ---- tensors and the flow of layers ---- */

enum { CNN_TAKEN_BACK = -1 };

typedef struct cnn_tensor {
    int32_t layer; /* whose output it is; CNN_TAKEN_BACK: it became part of another one */
    cnn_shape shape;
    bool first; /* Keras: the channels are the first axis, not the last */
    bool noise; /* random or constant values of that shape, which want no gradient */
} cnn_tensor;

/* A layer to be added. */
typedef struct cnn_spec {
    const cnn_op *op;
    cnn_attrs attrs;
    const cnn_tensor *const *sources;
    int32_t source_count;
    cnn_module *module; /* whose weights it has; NULL: none */
    bool aux;
    const cnn_keep_rule *keep_rule; /* what it keeps, where that differs from its kind */
    int32_t weights_of;             /* a layer whose weights it uses again; 0: see the module */
    bool complete; /* the attributes are those of another layer, or of a kind without a word */
    cnn_span span;
} cnn_spec;

/* ---- what differs from what is declared ---- */

typedef struct cnn_edit {
    cnn_span span;
    cnn_text text;
    struct cnn_edit *next;
} cnn_edit;

typedef struct cnn_argument {
    cnn_text name;
    cnn_py value;
    const cnn_py_node *node;
} cnn_argument;

typedef struct cnn_arguments {
    cnn_argument *at;
    int32_t count;
    const cnn_py_node *call;
} cnn_arguments;

typedef enum cnn_framework { CNN_ANY_FRAMEWORK, CNN_TORCH, CNN_KERAS } cnn_framework;

typedef struct cnn_paster {
    cnn_arena *arena;
    cnn_error *err;
    cnn_text text;
    const cnn_settings *settings;
    unsigned char *low, *high; /* the arena's ends at the beginning */
    int64_t steps;
    int32_t depth, calls;
    cnn_frame *frame;
    cnn_frame globals;
    cnn_class *classes; /* the last one first */
    cnn_module *modules, **last_module;
    cnn_py top[1];   /* the last model made at the top level; NONE: there is none yet */
    cnn_py library;  /* the last network of a library that was made; NONE: there is none */
    cnn_items loose; /* modules of the top level that stand alone */
    cnn_framework framework;
    bool keras1;
    bool channels_first;   /* Keras: what layers do that do not say it */
    cnn_span hint;         /* where the text gives an input's size */
    cnn_py hinted;         /* NONE: it does not */
    cnn_items hinted_more; /* what else that call has */
    bool entered;          /* inputs by their names were taken */
    cnn_builder *builder;  /* NULL: no input is known yet */
    cnn_network *net;
    const cnn_mismatch *mismatches, **last_mismatch;
    int32_t mismatch_count;
    const cnn_remark *remarks, **last_remark;
    cnn_edit *edits;
    int32_t probing; /* what enters the first Linear ends the run */
    bool probed_any;
    bool guessing;          /* the wiring is not in the text: a missing flattening is no mistake */
    int64_t probed;         /* its values */
    int64_t declared;       /* and what that layer declares */
    uint64_t defines_used;  /* bits of those of the settings */
    cnn_tensor *last_view;  /* of three sides, */
    cnn_tensor *last_moved; /* and the last one whose four axes were put into another order */
    int32_t flow, flows;    /* the number of the network that is built, and of the last one begun */
    bool walked;            /* modules have their paths, and those of the root are registered */
    int32_t hidden_wiring;  /* of a printout: what is between its modules is not known */
    int32_t visit;          /* the number of the last walk over modules */
    int32_t copies;         /* and of the last deep copy */
    bool counting;          /* parameters of one module by itself: nothing is recorded */
} cnn_paster;

/* ---- value.c ---- */

cnn_py cnn_py_none(void);
cnn_py cnn_py_int(int64_t number, cnn_span origin);
cnn_py cnn_py_real(double number);

/* True, False or None by name; false: it is none of them. */
bool cnn_py_constant(cnn_text text, cnn_py *out);
cnn_py cnn_py_bool(bool truth);
cnn_py cnn_py_opaque(const char *what);
bool cnn_py_items(cnn_paster *p, cnn_py_kind kind, int32_t room, cnn_py *out);
bool cnn_py_append(cnn_paster *p, cnn_items *items, const cnn_py *value); /* counts a step */
bool cnn_py_append_all(cnn_paster *p, cnn_items *items, const cnn_items *more);
static inline bool cnn_py_is_int(const cnn_py *value)
{
    return value->kind == CNN_PY_INT || value->kind == CNN_PY_BOOL;
}
static inline bool cnn_py_is_number(const cnn_py *value)
{
    return cnn_py_is_int(value) || value->kind == CNN_PY_FLOAT;
}
static inline double cnn_py_as_real(const cnn_py *number)
{
    return number->kind == CNN_PY_FLOAT ? number->real : (double)number->number;
}
/* Names and data, whose number is not known. */
static inline bool cnn_py_is_unknown(const cnn_py *value)
{
    return value->kind == CNN_PY_BATCH || value->kind == CNN_PY_NAME ||
           value->kind == CNN_PY_OPAQUE;
}
static inline bool cnn_py_is_list(const cnn_py *value)
{
    return value->kind == CNN_PY_LIST || value->kind == CNN_PY_TUPLE;
}
bool cnn_py_is(const cnn_py *value, const char *string); /* this string, any case */
const cnn_py *cnn_dict_find(const cnn_items *items, const cnn_py *key);
bool cnn_dict_set(cnn_paster *p, cnn_items *items, const cnn_py *key, const cnn_py *value);
bool cnn_dict_add_all(cnn_paster *p, cnn_items *items, const cnn_items *more);
bool cnn_py_equal(const cnn_py *a, const cnn_py *b);

/* Memory from the arena within the limit; NULL with an error. */
void *cnn_paste_take(cnn_paster *p, size_t count, size_t size);
#define CNN_PASTE_NEW(p, type) ((type *)cnn_paste_take((p), 1, sizeof(type)))

/* Counts a step; false: there were too many. */
bool cnn_paste_step(cnn_paster *p, int64_t steps);

/* The steps of looking for something among so many elements, or for a part of a text. */
static inline int64_t cnn_paste_search(int64_t size, int64_t part)
{
    return size / 16 * (1 + part / 16);
}

/* Text "<a><number>" or "<a>.<b>" in the arena; empty on failure. */
cnn_text cnn_paste_join(cnn_paster *p, cnn_text a, const char *between, cnn_text b);
cnn_text cnn_paste_digits(cnn_paster *p, int64_t number);

cnn_variable *cnn_variable_find(cnn_variable *first, cnn_text name);
const cnn_py *cnn_frame_find(const cnn_frame *frame, cnn_text name);
bool cnn_frame_set(cnn_paster *p, cnn_frame *frame, cnn_text name, const cnn_py *value);

/* "global name": in `frame` it means the variable of `home` from now on. */
bool cnn_frame_link(cnn_paster *p, cnn_frame *frame, cnn_text name, cnn_frame *home);
bool cnn_member_set(cnn_paster *p, cnn_module *module, cnn_text name, const cnn_py *value);
const cnn_py *cnn_member_find(const cnn_module *module, cnn_text name);

/* A value that -D gives: -D num_classes=10. */
bool cnn_defined(cnn_paster *p, cnn_text name, cnn_py *out);

/* ---- errors and remarks ---- */

CNN_COLD bool cnn_paste_fail(cnn_paster *p, int32_t code, cnn_span span, cnn_text a, cnn_text b);
CNN_COLD bool cnn_paste_refuse(cnn_paster *p, cnn_span span, cnn_text what, const char *why);

/* Forgets an error, unless it is a limit: what failed does not matter. */
bool cnn_paste_forgive(cnn_paster *p);
bool cnn_paste_remark(cnn_paster *p, cnn_span span, const char *sentence, cnn_text word);

/* ---- evaluation ---- */

typedef enum cnn_flow_end {
    CNN_RAN,
    CNN_RETURNED,
    CNN_BROKE,
    CNN_CONTINUED,
    CNN_FAILED
} cnn_flow_end;

bool cnn_eval(cnn_paster *p, const cnn_py_node *node, cnn_py *out);

bool cnn_eval_string(cnn_paster *p, const cnn_py_node *node, cnn_py *out);

/* Appends the values of a comprehension, one by one. *opaque: its sequence is not known. */
bool cnn_eval_each(cnn_paster *p, const cnn_py_node *node, cnn_items *to, bool *opaque);
cnn_flow_end cnn_run(cnn_paster *p, const cnn_py_node *first, cnn_py *result);

/* ---- assign.c ---- */

/* Binds what a target names to a value, or several to the parts of one. */
bool cnn_assign(cnn_paster *p, const cnn_py_node *target, const cnn_py *value);
bool cnn_run_assign(cnn_paster *p, const cnn_py_node *node);
bool cnn_run_change(cnn_paster *p, const cnn_py_node *node);

/* Whether a statement that failed does not matter; then the error is forgotten, and what the
 * statement would have set has no value. */
bool cnn_statement_forgive(cnn_paster *p, const cnn_py_node *node);

/* Passes over statements that build nothing, whatever they run over; what they set has no value
 * from then on. *passed: they were. */
bool cnn_statements_pass(cnn_paster *p, const cnn_py_node *first, bool *passed);

/* Whether evaluating an expression builds nothing. */
bool cnn_is_pure(const cnn_py_node *first, int32_t depth);
bool cnn_py_truth(cnn_paster *p, const cnn_py_node *node, const cnn_py *value, bool *out);
bool cnn_operate(cnn_paster *p, const cnn_py_node *node, const cnn_py *a, const cnn_py *b,
                 cnn_py *out);

/* The error of a name without a value. */
bool cnn_no_value(cnn_paster *p, const cnn_py *name);
bool cnn_compare(cnn_paster *p, const cnn_py_node *node, const cnn_py *a, const cnn_py *b,
                 cnn_py *out);
bool cnn_index(cnn_paster *p, const cnn_py_node *node, const cnn_py *object, const cnn_py *index,
               cnn_py *out);

/* The elements of a value, each of which counts a step. */
bool cnn_sequence(cnn_paster *p, const cnn_py_node *node, const cnn_py *value, cnn_items **out);
bool cnn_attribute(cnn_paster *p, const cnn_py_node *node, const cnn_py *object, cnn_py *out);
bool cnn_call_node(cnn_paster *p, const cnn_py_node *node, cnn_py *out);
bool cnn_call(cnn_paster *p, const cnn_py *called, cnn_arguments *args, cnn_py *out);
bool cnn_call_function(cnn_paster *p, const cnn_closure *function, cnn_module *self,
                       const cnn_arguments *args, cnn_py *out);
bool cnn_instantiate(cnn_paster *p, const cnn_class *type, const cnn_arguments *args, cnn_py *out);
/* "models.resnet50": a network of a library. */
bool cnn_library_model(cnn_text name);

const cnn_py *cnn_class_find(const cnn_class *type, cnn_text name);
bool cnn_class_has(const cnn_class *type, const cnn_class *base); /* or is it itself */
bool cnn_define_class(cnn_paster *p, const cnn_py_node *node);
bool cnn_define_function(cnn_paster *p, const cnn_py_node *node);
bool cnn_call_super(cnn_paster *p, const cnn_py *super, cnn_text name, cnn_arguments *args,
                    cnn_py *out);

/* What a base that is not of the text does with the arguments of its initialiser. */
bool cnn_foreign_init(cnn_paster *p, cnn_module *module, const cnn_arguments *args);

/* The fields of a dataclass, from the arguments of its object. */
bool cnn_fields_set(cnn_paster *p, cnn_module *module, const cnn_arguments *args);

/* ---- arguments.c ---- */

bool cnn_arguments_read(cnn_paster *p, const cnn_py_node *call, cnn_arguments *args);

/* Positional ones stay before named ones, as in f(a=1, *rest). */
bool cnn_argument_add(cnn_paster *p, cnn_arguments *args, int32_t *room, cnn_argument more);
bool cnn_argument_refuse(cnn_paster *p, const cnn_arguments *args, const cnn_argument *arg,
                         const char *why);

/* A function of the text, from its definition or a lambda, in the frame that is current. */
bool cnn_function_make(cnn_paster *p, const cnn_py_node *node, cnn_py *out);

/* Functions of Python itself; *found: there is one of this name. */
bool cnn_builtin(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found, cnn_py *out);
bool cnn_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                bool *found, cnn_py *out);

/* ---- strings.c ---- */

/* A value as str() shows it; false: it is not spelt out here. */
bool cnn_string_shown(cnn_paster *p, const cnn_py *value, cnn_text *out);

/* The same by a format such as 02d; false: that format is not spelt out here. */
bool cnn_string_formatted(cnn_paster *p, const cnn_py *value, cnn_text format, cnn_text *out);

/* "conv{}".format(i), in fstring.c */
bool cnn_string_format(cnn_paster *p, cnn_text text, const cnn_arguments *args, cnn_py *out);

bool cnn_string_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                       cnn_py *out);

/* "conv%d" % i */
bool cnn_string_percent(cnn_paster *p, const cnn_py *object, const cnn_py *values, cnn_py *out);

/* ---- modules ---- */

cnn_module *cnn_module_new(cnn_paster *p, const cnn_py_node *call);
bool cnn_module_append(cnn_paster *p, cnn_module *module, const cnn_py *child);
bool cnn_module_append_as(cnn_paster *p, cnn_module *module, cnn_text name, const cnn_py *child);
bool cnn_module_append_all(cnn_paster *p, cnn_module *module, const cnn_arguments *args);
bool cnn_module_extend(cnn_paster *p, cnn_module *module, const cnn_py *value);
bool cnn_member_remove(cnn_module *module, cnn_text name); /* false: there is none */

/* Takes an element of a container out; the later ones move up. */
bool cnn_container_take_out(cnn_paster *p, cnn_module *m, int64_t at, const cnn_py_node *place,
                            cnn_py *out);
bool cnn_container_method(cnn_paster *p, cnn_module *m, cnn_text name, cnn_arguments *args,
                          bool *found, cnn_py *out);

/* The module and all below it. */
bool cnn_module_all(cnn_paster *p, cnn_module *module, bool named, cnn_py *out);

/* A list of them, or of their names with them. */
bool cnn_module_children(cnn_paster *p, const cnn_module *module, bool named, cnn_py *out);
bool cnn_module_is_layer(const cnn_py *value); /* something that can be a part of a network */

cnn_container cnn_container_named(cnn_text name); /* Sequential; NONE: of none */

/* A constructor of a framework, by the last part of its name; *found: there is one. */
bool cnn_construct(cnn_paster *p, const cnn_py *name, cnn_arguments *args, bool *found,
                   cnn_py *out);

/* What a module gives for tensors. */
bool cnn_apply(cnn_paster *p, cnn_module *module, const cnn_arguments *args, cnn_py *out);
bool cnn_apply_layer(cnn_paster *p, cnn_module *m, const cnn_py *in, const cnn_py_node *place,
                     cnn_py *out);
bool cnn_apply_one(cnn_paster *p, cnn_module *module, const cnn_py *in, const cnn_py_node *place,
                   cnn_py *out);

/* MaxUnpool2d(...)(x, indices, output_size=y.size()): rows and columns more, or fewer, after the
 * map. NULL or no list: there is no such size. */
bool cnn_unpool_size(cnn_paster *p, cnn_module *m, const cnn_py *size, cnn_span span, cnn_py *out);

/* Functions of frameworks and methods of tensors; *found: there is one. */
bool cnn_tensor_function(cnn_paster *p, const cnn_py *name, cnn_arguments *args, bool *found,
                         cnn_py *out);
bool cnn_tensor_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                       cnn_py *out);
bool cnn_module_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                       bool *found, cnn_py *out);
bool cnn_tensor_join(cnn_paster *p, const char *op, const cnn_py_node *place, const cnn_py *parts,
                     int32_t count, cnn_py *out);
bool cnn_tensor_index(cnn_paster *p, const cnn_py_node *node, cnn_tensor *tensor,
                      const cnn_py *index, cnn_py *out);
bool cnn_tensor_shape(cnn_paster *p, const cnn_tensor *tensor, cnn_py *out);

/* ---- samples.c ---- */

bool cnn_samples_attribute(cnn_paster *p, const cnn_py_node *node, const cnn_py *object,
                           cnn_py *out);
bool cnn_samples_index(cnn_paster *p, const cnn_py_node *node, const cnn_py *object,
                       const cnn_py *index, cnn_py *out);
bool cnn_samples_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                        cnn_py *out);
bool cnn_samples_function(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found,
                          cnn_py *out);

/* ---- parameter.c ---- */

/* The module of an nn.Parameter; NULL: the value is none. */
static inline cnn_module *cnn_py_parameter(const cnn_py *value)
{
    return value->kind == CNN_PY_SAMPLES ? value->self : NULL;
}

/* The module that a value is, or that counts it as a parameter; NULL: there is none. */
cnn_module *cnn_module_within(const cnn_py *value);

bool cnn_parameter_make(cnn_paster *p, const cnn_py *name, const cnn_arguments *args, cnn_py *out);

/* The parameter becomes the weights of a layer; false: it was used before in this network. */
bool cnn_parameter_take(const cnn_paster *p, cnn_module *m);

/* How many numbers it has; 0: it is no parameter. */
int64_t cnn_parameter_count(const cnn_module *m);
bool cnn_parameter_index(cnn_paster *p, const cnn_py_node *node, const cnn_py *value,
                         const cnn_py *index, cnn_py *out);
bool cnn_parameter_method(cnn_paster *p, const cnn_py *value, cnn_text name, cnn_arguments *args,
                          bool *found, cnn_py *out);

/* x * weight and the like, in either order. */
bool cnn_tensor_parameter(cnn_paster *p, const cnn_tensor *in, uint8_t op, const cnn_py *value,
                          cnn_span span, cnn_py *out);

/* ---- flow.c ---- */

bool cnn_flow_begin(cnn_paster *p, const cnn_shape *input, cnn_span span, cnn_tensor **out);
bool cnn_flow_add(cnn_paster *p, cnn_spec *spec, cnn_tensor **out);

/* A layer of one input, whose attributes are still to be given. */
cnn_spec cnn_spec_of(const char *op, const cnn_tensor *const *source, cnn_module *module,
                     cnn_span span);
void cnn_spec_all(cnn_spec *spec, cnn_attr attr, int64_t number);
void cnn_spec_sides(cnn_spec *spec, cnn_attr attr, const int64_t *number, int32_t axes);

/* A layer norm over so many of the last axes. */
void cnn_spec_last(cnn_spec *spec, int32_t count, const cnn_tensor *in);

/* The numbers at both ends of each axis, of a padding or a cropping. */
void cnn_spec_ends(cnn_spec *spec, const int64_t *low, const int64_t *high, int32_t axes);

/* A layer that the language has no word for: its shape and counts are known here. */
typedef struct cnn_known_layer {
    const char *what;
    cnn_shape out;
    int64_t weights, biases, statistics, macs;
    int32_t source_count; /* 0: one */
    bool aux;             /* beside the flow */
    const cnn_keep_rule *keep_rule;
} cnn_known_layer;
bool cnn_flow_known(cnn_paster *p, const cnn_known_layer *known, const cnn_tensor *const *source,
                    cnn_module *module, cnn_span span, cnn_tensor **out);

/* The axes in another order, each by its number in the language: the channels are 1. */
bool cnn_flow_permute(cnn_paster *p, const cnn_tensor *in, const int64_t *order, cnn_span span,
                      cnn_tensor **out);

/* The same values in another shape. */
bool cnn_flow_view(cnn_paster *p, const cnn_tensor *in, const cnn_shape *shape, cnn_span span,
                   cnn_tensor **out);

/* A map enters a layer that wants a vector: nn.Flatten is missing before it. */
bool cnn_no_flatten(cnn_paster *p, cnn_module *module, const cnn_py *declared, const cnn_tensor *in,
                    int64_t values, const cnn_py_node *place);

/* Compares what is declared with what enters; records a difference. `place`: of the number. */
bool cnn_declared(cnn_paster *p, const char *kind, cnn_module *module, const cnn_py *declared,
                  const cnn_py_node *place, const cnn_tensor *in, int64_t write);

/* ---- layers.c ---- */

typedef bool cnn_framework_apply(cnn_paster *p, cnn_module *m, const cnn_tensor *in,
                                 const cnn_py_node *place, cnn_tensor **out);

typedef struct cnn_framework_row {
    const char *name; /* "Conv#d": a digit for the axes */
    const char *args; /* names in order, "=" and a default where there is one, "|" other names */
    const char *op;
    cnn_framework_apply *apply;
    const char *brief;    /* for the help; of a refused one: why */
    const char *declares; /* the argument that declares what enters; NULL: none does */
    bool refused;
} cnn_framework_row;

typedef struct cnn_framework_rows {
    const cnn_framework_row *rows;
    size_t count;
    const struct cnn_framework_rows *more; /* the framework's next table */
} cnn_framework_rows;

extern const cnn_framework_rows cnn_torch_rows, cnn_torch_value_rows, cnn_torch_norm_rows,
    cnn_torch_shape_rows, cnn_keras_rows, cnn_keras_norm_rows, cnn_keras_shape_rows;

/* in_channels, num_features and the like: what is declared must be what enters. */
bool cnn_check_channels(cnn_paster *p, cnn_module *m, const char *argument, const char *kind,
                        const cnn_tensor *in);

/* A map of as many axes as the layer's name gives enters it. */
bool cnn_needs_axes(cnn_paster *p, const cnn_module *m, const cnn_tensor *in);

/* Whether `name` is one of the patterns, which "|" parts; "#" is a digit for the axes. */
bool cnn_row_matches(const char *patterns, cnn_text name, int32_t *axes);

/* The row of a name and the axes that the name gives (2 where it gives none); NULL: none. */
const cnn_framework_row *cnn_row_find(const cnn_framework_rows *rows, cnn_text name, int32_t *axes);

/* Whether the row has an argument of that name. */
bool cnn_row_takes(const cnn_framework_row *row, cnn_text name);

/* A layer made of a row: binds the arguments. */
bool cnn_row_make(cnn_paster *p, const cnn_framework_row *row, int32_t axes, cnn_text name,
                  const cnn_arguments *args, cnn_module **out);

/* An argument by its (first) name, with its default; NULL: the row has none of that name. */
const cnn_py *cnn_arg(const cnn_module *m, const char *name);
const cnn_py *cnn_arg_named(const cnn_module *m, cnn_text name);
const cnn_py_node *cnn_arg_place(const cnn_module *m, const char *name);
bool cnn_arg_int(cnn_paster *p, const cnn_module *m, const char *name, int64_t *out);
bool cnn_arg_sides(cnn_paster *p, const cnn_module *m, const char *name, int64_t *out);
bool cnn_arg_true(cnn_paster *p, const cnn_module *m, const char *name, bool *out);
cnn_text cnn_module_kind(const cnn_paster *p, const cnn_module *m);
cnn_span cnn_module_span(const cnn_module *m);

/* A whole number; otherwise an error at `node` that names `what`. */
bool cnn_whole(cnn_paster *p, const cnn_py *value, const cnn_py_node *node, cnn_text what,
               int64_t *out);

#endif
