/* The entries of the list itself, which reports show as rows. */
#include "base/arena.h"
#include "lang/expand.h"

bool cnn_item_open(cnn_expander *x, cnn_text label, cnn_span span, bool composite)
{
    x->item = CNN_NEW(x->to->arena, cnn_item);
    if (x->item == NULL) {
        return cnn_fail_memory(x->to->err);
    }
    *x->item = (cnn_item){label, span, x->to->layer_count, x->to->layer_count, composite};
    return true;
}

bool cnn_item_begin(cnn_expander *x, const cnn_node *node)
{
    cnn_text label = {0};
    const cnn_node *inner = node;
    for (; inner->kind == CNN_NODE_LABEL; inner = inner->item) {
        label = label.size == 0 ? inner->label : label;
    }
    const cnn_span span = inner->span;
    while (inner->kind == CNN_NODE_REPEAT || inner->kind == CNN_NODE_LABEL) {
        inner = inner->item;
    }
    const bool bare = inner->kind == CNN_NODE_LAYER;
    x->item = NULL;
    return (bare && label.size == 0) || cnn_item_open(x, label, span, !bare);
}

bool cnn_item_end(cnn_expander *x, cnn_span span, bool done)
{
    if (!done) {
        /* What is called stands before the call. */
        const bool outside = x->to->err->span.begin < span.begin;
        x->to->err->call = outside ? span : (cnn_span){0, 0};
        return false;
    }
    if (x->item != NULL) {
        x->item->end = x->to->layer_count;
        x->item = NULL;
    }
    return true;
}
