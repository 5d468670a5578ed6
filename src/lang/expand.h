/* From syntax tree to network: calls, repeats and branches become layers in evaluation order. */
#ifndef CNN_LANG_EXPAND_H
#define CNN_LANG_EXPAND_H

#include "lang/node.h"

typedef struct cnn_frame cnn_frame;

/* A parameter's value: a number, or layers that keep where they were written (a closure). */
typedef struct cnn_binding {
    const cnn_node *item; /* NULL: a number */
    const cnn_frame *frame;
    int32_t entry;
    bool unknown; /* a number that depends on sizes, while there are none */
    int64_t number;
} cnn_binding;

/* One call of a definition, or the list itself: values of the parameters, and labels. */
struct cnn_frame {
    const cnn_definition *definition; /* NULL: the list itself */
    cnn_binding *bindings;
    cnn_names *labels; /* to the index of a layer */
};

/* What expressions are evaluated in. */
typedef struct cnn_scope {
    const cnn_network *net; /* NULL while layers are only counted */
    const cnn_frame *frame;
    int32_t entry; /* the layer whose output entered the innermost list: c, h, w */
    const int64_t *unknowns;
    int32_t unknown_count;
} cnn_scope;

bool cnn_expr_value(const cnn_expr *expr, const cnn_scope *scope, int64_t *out, cnn_error *err);

/* The value, if it can be computed and does not depend on sizes that are not there yet. */
bool cnn_expr_known(const cnn_expr *expr, const cnn_scope *scope, int64_t *out);

/* The frame of a call that is written in the scope `outside`; `entry` is what enters the
 * definition. NULL: an error. */
const cnn_frame *cnn_frame_make(const cnn_node *call, const cnn_scope *outside, int32_t entry,
                                cnn_arena *arena, cnn_error *err);

/* An error when the item expands to more layers than a network may have. Counts that depend on
 * sizes are not known beforehand; for them the limit shows itself only while expanding. `steps`
 * counts the items looked at. */
bool cnn_count_ahead(const cnn_node *node, const cnn_scope *scope, int64_t *steps, cnn_arena arena,
                     cnn_error *err);

/* The network while items are added to it. Zero but for its first four members, to begin with. */
typedef struct cnn_expander {
    cnn_network *net; /* has its input already */
    cnn_arena *arena;
    cnn_error *err;
    const cnn_settings *settings;
    cnn_names labels; /* of the list itself */
    cnn_item *item;   /* the item at the top level; NULL: a bare layer */
    cnn_span at;      /* the text of a built-in list's call, while it is expanded */
    bool built_in;
    int64_t steps;
    int64_t ahead; /* steps of counting */
    int32_t depth;
} cnn_expander;

/* Appends the layers of an item of the list; they read the output so far, and give the next. */
bool cnn_expand_item(cnn_expander *x, const cnn_node *node);

/* The entry of an item that is about to be expanded. A bare layer has none, and a repeated one is
 * as many rows. */
bool cnn_item_begin(cnn_expander *x, const cnn_node *node);

#endif
