/* What expansion appends: layers, and the joins of branches. */
#include "base/arena.h"
#include "lang/expand.h"

const cnn_path *cnn_path_extend(cnn_expander *x, const cnn_path *parent, cnn_text name,
                                int32_t number, int32_t branch)
{
    static const cnn_path nowhere;
    if (x->to->sketch != NULL) {
        return &nowhere; /* of an outline nobody asks where layers stand */
    }
    cnn_path *path = cnn_arena_room(x->to->arena, sizeof *path);
    if (path == NULL) {
        cnn_fail_memory(x->to->err);
        return NULL;
    }
    *path = (cnn_path){parent, name, number, branch};
    return path;
}

cnn_layer *cnn_expand_next(cnn_expander *x, const cnn_op *op, const cnn_attrs *attrs, cnn_span span,
                           const cnn_place *at, int32_t source)
{
    cnn_layer *layer = cnn_network_next(x->to, op, attrs);
    if (layer != NULL) {
        layer->span = cnn_expanded_span(x, span);
        layer->source_one = source;
        layer->path = at->path;
        layer->item = x->item;
        layer->aux = at->aux;
    } else if (x->to->err->code != CNN_OUT_OF_MEMORY) {
        x->to->err->span = cnn_expanded_span(x, span);
    }
    return layer;
}

/* ---- joins ---- */

static bool is_aux(const cnn_join *join)
{
    return join->op->form == CNN_FORM_AUX;
}

bool cnn_join_begin(cnn_expander *x, cnn_join *join, const cnn_place *at, int32_t value)
{
    if (x->to->sketch != NULL && join->count <= CNN_FEW_BRANCHES) {
        join->branches = join->few_branches;
        join->sources = join->few_sources;
    } else {
        join->branches = CNN_NEW_ARRAY(x->to->arena, cnn_branch, join->count);
        join->sources = CNN_NEW_ARRAY(x->to->arena, int32_t, join->count + 1);
        if (join->branches == NULL || join->sources == NULL) {
            return cnn_fail_memory(x->to->err);
        }
    }
    join->entry = value;
    join->first = x->to->layer_count;
    join->inside = *at;
    join->inside.number = 0;
    join->inside.aux = at->aux || is_aux(join);
    join->sources[0] = value; /* an auxiliary head's end reads the path first, then the head */
    return true;
}

/* Each branch of a split begins with its part of the channels. */
static bool append_part(cnn_expander *x, int32_t parts, cnn_span span, const cnn_place *at,
                        int32_t *value)
{
    cnn_attrs *attrs = CNN_NEW(x->to->arena, cnn_attrs);
    if (attrs == NULL) {
        return cnn_fail_memory(x->to->err);
    }
    attrs->value[CNN_SIZE][0] = parts;
    cnn_layer *layer = cnn_expand_next(x, &cnn_op_part, attrs, span, at, *value);
    return layer != NULL && cnn_network_add(x->to, layer, NULL, value);
}

bool cnn_branch_begin(cnn_expander *x, cnn_join *join, int32_t i, cnn_span span, cnn_place *at,
                      int32_t *value)
{
    cnn_branch *branch = &join->branches[i];
    *at = join->inside;
    *value = join->entry;
    if (!is_aux(join)) {
        at->path = cnn_path_extend(x, at->path, (cnn_text){0}, 0, i + 1);
        if (at->path == NULL) {
            return false;
        }
    }
    branch->entry = *value;
    branch->first = x->to->layer_count;
    if (join->op->splits && !append_part(x, join->count, span, at, value)) {
        return false;
    }
    branch->start = *value;
    at->head = true;
    at->start = &branch->start;
    return true;
}

void cnn_branch_end(cnn_expander *x, cnn_join *join, int32_t i, int32_t value)
{
    join->branches[i].end = x->to->layer_count;
    join->sources[is_aux(join) ? i + 1 : i] = value;
}

bool cnn_join_end(cnn_expander *x, cnn_join *join, int32_t *value)
{
    static const cnn_attrs none = {0};
    cnn_layer *layer = cnn_expand_next(x, join->op, &none, join->span, &join->inside, join->entry);
    if (layer == NULL) {
        return false;
    }
    layer->sources = join->sources;
    layer->source_count = is_aux(join) ? 2 : join->count;
    layer->branches = join->branches;
    if (!cnn_network_add(x->to, layer, NULL, value)) {
        return false;
    }
    cnn_network_mark_join(x->to, *value, join->first);
    *value = is_aux(join) ? join->entry : *value;
    return true;
}
