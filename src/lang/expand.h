/* From syntax tree to network: calls, repeats and branches become layers in evaluation order. */
#ifndef CNN_LANG_EXPAND_H
#define CNN_LANG_EXPAND_H

#include "lang/node.h"
#include "net/network.h"

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
    const cnn_builder *to; /* NULL while layers are only counted */
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

/* The network while items are added to it. Zero but for its first two members, to begin with. */
typedef struct cnn_expander {
    cnn_builder *to; /* has its input already */
    const cnn_settings *settings;
    cnn_names labels; /* of the list itself */
    cnn_item *item;   /* the item at the top level; NULL: a bare layer */
    cnn_span at;      /* the text of a built-in list's call, while it is expanded */
    bool built_in;
    bool no_trees; /* what is being read can be undone, and must not make a tree */
    int64_t steps;
    int64_t ahead; /* steps of counting */
    int32_t depth;
} cnn_expander;

/* Where an item is expanded. */
typedef struct cnn_place {
    const cnn_frame *frame;
    const cnn_path *path;
    int32_t entry;  /* what entered the innermost list */
    int32_t number; /* of the repetition, when the item is repeated */
    bool head;      /* a branch begins here: a tap may stand, */
    int32_t *start; /* and says here what the branch begins with */
    bool aux;
} cnn_place;

/* Whether layers here can be passed, for what they do may be known. */
static inline bool cnn_may_pass(const cnn_expander *x, const cnn_place *at)
{
    return x->to->known != NULL && !at->aux;
}

/* Appends the layers of an item of the list; they read the output so far, and give the next. */
bool cnn_expand_item(cnn_expander *x, const cnn_node *node);

/* The same for an item somewhere inside; it reads the output of layer *value and leaves its own
 * there. */
bool cnn_expand_inside(cnn_expander *x, const cnn_node *node, const cnn_place *at, int32_t *value);

/* The entry of an item that is about to be expanded. A bare layer has none, and a repeated one is
 * as many rows. */
bool cnn_item_begin(cnn_expander *x, const cnn_node *node);

/* The same for an item that is known to begin here. */
bool cnn_item_open(cnn_expander *x, cnn_text label, cnn_span span, bool composite);

/* Ends the item; when its expansion failed, the error says from where in the list it comes. */
bool cnn_item_end(cnn_expander *x, cnn_span span, bool done);

/* Spans in a built-in list mean nothing to the user: the call stands for them. */
static inline cnn_span cnn_expanded_span(const cnn_expander *x, cnn_span span)
{
    return x->built_in ? x->at : span;
}

/* A path one step longer; NULL with an error when there is no memory. */
const cnn_path *cnn_path_extend(cnn_expander *x, const cnn_path *parent, cnn_text name,
                                int32_t number, int32_t branch);

/* The next layer in its place, where it reads `source`, for cnn_network_add. */
cnn_layer *cnn_expand_next(cnn_expander *x, const cnn_op *op, const cnn_attrs *attrs, cnn_span span,
                           const cnn_place *at, int32_t source);

enum { CNN_FEW_BRANCHES = 4 };

/*
 * A join while it is expanded: begin it, then for each branch begin it, append its layers and end
 * it, then end the join. A head beside the path (aux) is a join of one branch.
 */
typedef struct cnn_join {
    const cnn_op *op;
    cnn_span span;
    cnn_place inside;
    int32_t count;
    int32_t entry; /* the layer whose output enters it */
    int32_t first; /* its first layer */
    cnn_branch *branches;
    int32_t *sources;
    /* Room for them where they are not kept: in an outline, for few branches. */
    cnn_branch few_branches[CNN_FEW_BRANCHES];
    int32_t few_sources[CNN_FEW_BRANCHES + 1];
} cnn_join;

/* `op`, `span` and `count` are the caller's to fill in; nothing else has to be clear. */
bool cnn_join_begin(cnn_expander *x, cnn_join *join, const cnn_place *at, int32_t value);

/* The place of branch `i`, whose text is `span`, and what enters it. */
bool cnn_branch_begin(cnn_expander *x, cnn_join *join, int32_t i, cnn_span span, cnn_place *at,
                      int32_t *value);
void cnn_branch_end(cnn_expander *x, cnn_join *join, int32_t i, int32_t value);
bool cnn_join_end(cnn_expander *x, cnn_join *join, int32_t *value);

#endif
