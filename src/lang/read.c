/*
 * The descent: lists, items, repeats, groups, joins, calls and definitions, which contain each
 * other. What it reads is done at once: layers go to the builder, and the value in hand (r->at)
 * becomes theirs. A repeat reads its item again, a call the text of its definition, a parameter the
 * text of its argument.
 *
 * Dry reading (r->dry > 0) does nothing but check syntax and names. It serves definitions where
 * they are written, arguments where they are given, items that are repeated 0 times, and errors:
 * when an item at the top level fails, it is read again, dry, because an error of syntax anywhere
 * in it is told before whatever else is wrong.
 */
#include "base/checked.h"
#include "lang/outline.h"
#include "lang/reader.h"

typedef cnn_reader reader;
typedef cnn_place place;

static const char *item(reader *r, const place *at, const char *p);
static const char *series(reader *r, const place *outside, const char *p, bool *any);

/* Plain layers, see cnn_read_plain; only an outline has a shortcut for them. */
static inline const char *read_plain(reader *r, place *at, const char *p, bool *read)
{
    *read = false;
    return r->to->outline && r->dry == 0 ? cnn_read_plain(r, at, p, read) : p;
}

/* ---- what layers and items do ---- */

static CNN_APART bool add_source(reader *r, cnn_layer *layer, const cnn_tensor *second)
{
    cnn_node *sources = CNN_NEW_ARRAY(r->arena, cnn_node, 2);
    if (sources == NULL) {
        return cnn_stop_memory(r) != NULL;
    }
    sources[0] = r->at.value;
    sources[1] = second->value;
    layer->sources = sources;
    layer->source_count = 2;
    return true;
}

/* A layer of an item that is read again: it shares the weights of the one that it repeats. */
static CNN_APART bool share(reader *r, cnn_layer *layer)
{
    const cnn_layer *first = &r->to->net->layers[r->shared];
    const cnn_node owner = first->weights_of > 0 ? first->weights_of : r->shared;
    layer->span = r->reuse;
    if (r->shared == r->shared_end || layer->op != first->op) {
        return cnn_stop_words(r, CNN_E_REUSE, layer->span, cnn_text_of(layer->op->name),
                              (cnn_text){0}) != NULL;
    }
    r->shared++;
    layer->frozen = first->frozen;
    layer->weights_of = cnn_layer_has_weights(&r->to->net->layers[owner]) ? owner : 0;
    return true;
}

/* Adds a layer that reads the value in hand, and `second` unless that is NULL. `attrs` must live as
 * long as the network. */
static CNN_APART bool add_layer(reader *r, const place *at, const cnn_op *op,
                                const cnn_attrs *attrs, const cnn_tensor *second, cnn_span span)
{
    cnn_builder *to = r->to;
    cnn_layer *layer = cnn_builder_next(to, op, attrs, r->at.value, span);
    if (layer == NULL) {
        return false;
    }
    layer->item = r->item;
    layer->path = at->path;
    layer->aux = at->aux;
    layer->frozen = at->frozen;
    if (r->shared_end > 0 && !share(r, layer)) {
        return false;
    }
    const cnn_shape *in = &r->at.shape;
    cnn_shape both[2];
    if (second != NULL) {
        both[0] = r->at.shape;
        both[1] = second->shape;
        in = both;
        if (!add_source(r, layer, second)) {
            return false;
        }
    }
    if (!cnn_builder_add(to, layer, in)) {
        return false;
    }
    r->at.shape = layer->out;
    r->at.value = to->layer_count - 1;
    return true;
}

/* *path becomes one step longer. An outline has no paths. */
static bool extend(reader *r, const cnn_path **path, cnn_text name, int32_t number, int32_t branch)
{
    if (r->to->outline || r->dry > 0) {
        return true;
    }
    cnn_path *longer = cnn_arena_room(r->arena, sizeof *longer);
    if (longer == NULL) {
        return cnn_stop_memory(r) != NULL;
    }
    *longer = (cnn_path){*path, name, number, branch};
    *path = longer;
    return true;
}

/* The item at the top level is more than a bare layer: it gets an entry, unless it has one. */
static bool open_item(reader *r, const place *at, cnn_text label, bool composite)
{
    if (!at->top || r->dry > 0 || r->to->outline) {
        return true;
    }
    if (r->item == NULL) {
        r->item = CNN_NEW(r->arena, cnn_item);
        if (r->item == NULL) {
            return cnn_stop_memory(r) != NULL;
        }
        r->item->label = label;
        r->item->first = r->item->end = r->to->layer_count;
    }
    r->item->composite = r->item->composite || composite;
    return true;
}

/* One level deeper in what is done. `span` is the item's. */
static bool enter(reader *r, cnn_span span)
{
    if (++r->steps > CNN_MAX_STEPS) {
        return cnn_stop_numbers(r, CNN_E_STEPS_LIMIT, span, CNN_MAX_STEPS, 0) != NULL;
    }
    if (r->depth >= CNN_MAX_NESTING) {
        return cnn_stop_numbers(r, CNN_E_NESTING, span, CNN_MAX_NESTING, 0) != NULL;
    }
    r->depth++;
    return true;
}

/* ---- labels and taps ---- */

static const cnn_tensor *find_label(reader *r, const place *at, cnn_text label, cnn_span span)
{
    if (cnn_text_is(label, "input")) {
        return &r->input;
    }
    const cnn_name *name = cnn_names_find(at->frame->labels, label);
    name = name != NULL ? name : cnn_names_find(&r->inputs, label);
    if (name != NULL) {
        return name->value;
    }
    cnn_nearest nearest = cnn_nearest_to(label);
    cnn_names_offer(at->frame->labels, &nearest);
    (void)cnn_stop_words(r, CNN_E_UNKNOWN_LABEL, span, label, nearest.best);
    return NULL;
}

/* `label` names the value in hand, and the item that made it. */
static bool give_label(reader *r, const place *at, cnn_text label, const cnn_label *item_read)
{
    cnn_name *name = cnn_names_add(at->frame->labels, label, r->arena);
    if (name != NULL && name->value == NULL) {
        name->value = cnn_arena_room(r->arena, sizeof(cnn_label));
    }
    if (name == NULL || name->value == NULL) {
        return cnn_stop_memory(r) != NULL;
    }
    *(cnn_label *)name->value = *item_read;
    r->lasting++;
    return true;
}

/* LABEL ":" item, from the label on; `p` is after the ":". */
static const char *labelled(reader *r, const place *at, cnn_text label, const char *p)
{
    const cnn_span span = cnn_span_of(r, label);
    if (cnn_text_is(label, "input") || cnn_names_find(&r->inputs, label) != NULL) {
        return cnn_stop_words(r, CNN_E_LABEL_TAKEN, span, label, (cnn_text){0});
    }
    p = cnn_skip(p, false);
    place inside = *at;
    if (!cnn_nest(r, span) || !enter(r, span) || !extend(r, &inside.path, label, at->number, 0)) {
        return NULL;
    }
    if (at->top && at->number == 0) { /* a label of the item, not of one of its repetitions */
        if (!open_item(r, at, label, false)) {
            return NULL;
        }
        r->unit = p;
    }
    inside.number = 0;
    cnn_label made = {.entry = *at->entry, .text = p, .nest = r->nest, .first = r->to->layer_count};
    p = item(r, &inside, p);
    made.value = r->at;
    made.end = r->to->layer_count;
    if (p == NULL || (r->dry == 0 && !give_label(r, at, label, &made))) {
        return NULL;
    }
    r->nest--;
    r->depth--;
    return p;
}

static const char *tap(reader *r, const place *at, const char *p)
{
    const cnn_text label = cnn_see_label(p + 1);
    const char *end = p + 1 + label.size;
    if (label.size == 0) {
        return cnn_stop(r, CNN_E_LABEL_MISSING, cnn_span_at(r, p, p + 1));
    }
    if (r->dry > 0) {
        return end;
    }
    const cnn_span span = cnn_span_at(r, p, end);
    if (!enter(r, span) || !open_item(r, at, (cnn_text){0}, true)) {
        return NULL;
    }
    if (!at->head) {
        return cnn_stop_words(r, CNN_E_TAP_PLACE, span, label, (cnn_text){0});
    }
    const cnn_tensor *tapped = find_label(r, at, label, span);
    if (tapped == NULL) {
        return NULL;
    }
    r->depth--;
    r->at = *tapped;
    *at->start = tapped->value;
    return end;
}

/* ---- repeats ---- */

/* What one repetition changed. */
typedef struct state {
    cnn_shape shape;
    cnn_sums path, aux;
    int32_t layers, lasting;
} state;

static state state_of(const reader *r)
{
    return (state){r->at.shape, r->to->path, r->to->aux, r->to->layer_count, r->lasting};
}

static bool equal_shapes(const cnn_shape *a, const cnn_shape *b)
{
    bool equal = a->channels == b->channels && a->axes == b->axes;
    for (int32_t i = 0; i < CNN_AXES; i++) {
        equal = equal && a->side[i] == b->side[i];
    }
    return equal;
}

/* sums += times * (sums - was); false, and nothing is changed, when they become large. */
static bool multiply_sums(const cnn_sums *was, int64_t times, cnn_sums *sums)
{
    const int64_t w = sums->weights - was->weights, b = sums->biases - was->biases;
    const int64_t s = sums->statistics - was->statistics, m = sums->macs - was->macs;
    cnn_sums more;
    if ((w | b | s | m) == 0) {
        return true;
    }
    if (!cnn_checked_mul(w, times, &more.weights) || !cnn_checked_mul(b, times, &more.biases) ||
        !cnn_checked_mul(s, times, &more.statistics) || !cnn_checked_mul(m, times, &more.macs) ||
        cnn_sums_large(&more) != 0 || cnn_sums_large(sums) != 0) {
        return false;
    }
    sums->weights += more.weights;
    sums->biases += more.biases;
    sums->statistics += more.statistics;
    sums->macs += more.macs;
    sums->frozen += (sums->frozen - was->frozen) * times; /* no more than the parameters */
    return cnn_sums_large(sums) == 0;
}

/*
 * Whether all other repetitions do what this one did: it gave back the shape that it got and made
 * nothing that lasts. Then their sums are added at once. Only of an outline; of a kept network when
 * there are no layers.
 */
static bool cut(reader *r, const state *was, int64_t times)
{
    cnn_builder *to = r->to;
    const int32_t layers = to->layer_count - was->layers;
    if (r->lasting != was->lasting || !equal_shapes(&r->at.shape, &was->shape) ||
        (!to->outline && layers > 0)) {
        return false;
    }
    cnn_sums path = to->path, aux = to->aux;
    if (!multiply_sums(&was->path, times, &path) || !multiply_sums(&was->aux, times, &aux)) {
        return false;
    }
    to->path = path;
    to->aux = aux;
    to->layer_count += layers * (int32_t)times; /* there is room for them */
    return true;
}

/* The item at `p`, n times. `span` is the count's. */
static const char *repeat(reader *r, const place *at, const char *p, int64_t n, cnn_span span)
{
    const bool checked = r->checked;
    place inside = *at;
    const char *end = p;
    inside.head = false;
    for (int64_t i = 0; i < n; i++) {
        const state was = state_of(r);
        inside.number = (int32_t)i + 1;
        end = item(r, &inside, p);
        if (end == NULL) {
            return NULL;
        }
        const int32_t layers = r->to->layer_count - was.layers;
        if (layers > 0 && n - i - 1 > cnn_builder_room(r->to) / layers) {
            return cnn_stop_numbers(r, CNN_E_LAYERS_LIMIT, span, CNN_MAX_LAYERS, 0);
        }
        if (cut(r, &was, n - i - 1)) {
            break;
        }
        r->checked = true;
        if (i > 0 && !cnn_read_again(r, end - p, span)) {
            return NULL;
        }
    }
    r->checked = checked;
    return end;
}

/* The same, of a count that is read: `p` is after its sign, which is `sign` bytes long. */
static const char *counted(reader *r, const place *at, cnn_computed *count, cnn_span span,
                           const char *p, size_t sign)
{
    const cnn_span sign_span = cnn_span_at(r, p - sign, p);
    p = cnn_skip(p, false);
    if (cnn_ends_item(*p)) {
        return cnn_stop(r, CNN_E_COUNT_ITEM, sign_span);
    }
    if (!cnn_nest(r, span) || !enter(r, span)) {
        return NULL;
    }
    const bool doing = r->dry == 0;
    int64_t n = 0;
    if (doing && !cnn_computed_whole(count, &n)) {
        return cnn_stop_computed(r, count);
    }
    if (n < 0) {
        return cnn_stop_numbers(r, CNN_E_COUNT, span, n, 0);
    }
    if (n > 0) {
        p = repeat(r, at, p, n, span);
    } else {
        r->dry++;
        p = item(r, at, p);
        r->dry--;
    }
    r->nest--;
    r->depth--;
    return p;
}

/* INT "*" or INT "x" */
static const char *count_by_int(reader *r, const place *at, const char *p)
{
    const char *from = p;
    cnn_computed count = {.n = {0, 1}, .param = -1};
    p = cnn_read_int(r, p, &count.n.num);
    if (p == NULL) {
        return NULL;
    }
    const cnn_span span = cnn_span_at(r, from, p);
    p = cnn_skip(p, false);
    const size_t times = cnn_see_times(p);
    if (times == 0 && *p != '*') {
        return cnn_stop(r, CNN_E_SIZE_FIRST, cnn_span_trimmed(r, from, p));
    }
    if (times > 0 && cnn_is_digit(p[times])) {
        return cnn_stop(r, CNN_E_SIZE_FIRST, cnn_span_at(r, from, p + times + 1));
    }
    const size_t sign = times > 0 ? times : 1;
    return counted(r, at, &count, span, p + sign, sign);
}

/* ---- groups and joins ---- */

static CNN_COLD const char *stop_empty(reader *r, const char *open, const char *from, const char *p)
{
    return *p == '\0' ? cnn_stop(r, CNN_E_PAREN_OPEN, cnn_span_at(r, open, open + 1))
                      : cnn_stop(r, CNN_E_EMPTY_GROUP, cnn_span_at(r, from, p + 1));
}

/* The list after the "(" or "|" at `from`. `open` is the "(". */
static const char *branch_list(reader *r, const place *at, const char *open, const char *from)
{
    bool any = false;
    const char *p = cnn_read_begin(r, cnn_skip(from + 1, false));
    p = p != NULL ? series(r, at, p, &any) : NULL;
    return p != NULL && !any ? stop_empty(r, open, from, p) : p;
}

static const char *close_list(reader *r, const char *open, const char *p)
{
    if (*p == '|') {
        return cnn_stop(r, CNN_E_BAR, cnn_span_at(r, p, p + 1));
    }
    if (*p != ')') {
        return cnn_stop(r, CNN_E_PAREN_OPEN, cnn_span_at(r, open, open + 1));
    }
    r->nest--;
    r->depth--;
    return p + 1;
}

/* Whether the group at `p` is closed. That is told before what is wrong inside it, so only dry
 * reading asks; and what is inside a closed one is not looked through again. */
static bool is_closed(reader *r, const char *p)
{
    int32_t bars;
    const char *deep;
    if (r->dry == 0 || r->checked || p < r->closed) {
        return true;
    }
    r->closed = cnn_see_close(p, &bars, &deep);
    if (deep != NULL) {
        return cnn_stop_numbers(r, CNN_E_NESTING, cnn_span_at(r, deep, deep + 1), CNN_MAX_NESTING,
                                0) != NULL;
    }
    return r->closed != NULL || cnn_stop(r, CNN_E_PAREN_OPEN, cnn_span_at(r, p, p + 1)) != NULL;
}

/* Parentheses that hold one of these hold no count. */
static bool is_no_sum(char c)
{
    return c == ',' || c == '|' || c == ';' || c == ':' || c == '=' || c == '@' || c == '\0';
}

/* Whether the name of a function with several numbers ends at `p`: min or max. */
static bool ends_function(const char *from, const char *p)
{
    const char *name = p;
    while (name > from && cnn_in_name(name[-1])) {
        name--;
    }
    return cnn_is_function((cnn_text){name, (size_t)(p - name)});
}

/* Whether the parentheses at the position hold a count, as in (2*n)*relu. Nearly all that do not
 * show it at once; otherwise nested groups would be read as often as they are nested. */
static bool see_count(const char *p)
{
    int32_t open = 0;
    uint64_t functions = 0; /* the innermost parentheses are at its low end */
    const char *from = p;
    do {
        const char c = *p++;
        if (c == '(') {
            functions = functions << 1 | ends_function(from, p - 1);
        }
        functions >>= c == ')';
        if (cnn_in_name(c) && cnn_in_name(*p)) {
            continue;
        }
        open += (c == '(') - (c == ')');
        bool next_line = false;
        for (const char *end = cnn_skip(p, open > 0); p < end; p++) {
            next_line = next_line || *p == '\n';
        }
        if ((is_no_sum(c) && !(c == ',' && (functions & 1) != 0)) ||
            (next_line && cnn_in_name(c) && cnn_in_name(*p))) {
            return false;
        }
    } while (open > 0);
    return *p == '*';
}

static const char *count_by_sum(reader *r, const place *at, const char *p)
{
    cnn_computed count;
    bool literal;
    const char *end = cnn_read_number(r, at, p, &count, &literal);
    if (end == NULL) {
        return NULL;
    }
    const cnn_span span = cnn_span_at(r, p, end);
    return counted(r, at, &count, span, cnn_skip(end, false) + 1, 1);
}

static const char *group(reader *r, const place *at, const char *p)
{
    const char *open = p;
    const cnn_span span = cnn_span_at(r, open, open + 1);
    if (!is_closed(r, p)) {
        return NULL;
    }
    if (see_count(p)) {
        return count_by_sum(r, at, p);
    }
    place inside = *at;
    if (!cnn_nest(r, span) || !enter(r, span) || !open_item(r, at, (cnn_text){0}, true) ||
        (at->number > 0 && !extend(r, &inside.path, (cnn_text){0}, at->number, 0))) {
        return NULL;
    }
    inside.number = 0;
    inside.top = false;
    p = branch_list(r, &inside, open, open);
    return p != NULL ? close_list(r, open, p) : NULL;
}

/* The "(" of an item that has to have one; NULL with an error: there is none. */
static const char *open_list(reader *r, const cnn_op *op, const char *from, const char *p)
{
    p = cnn_skip(p, false);
    return *p == '(' ? p
                     : cnn_stop_words(r, CNN_E_LIST_FORM, cnn_span_trimmed(r, from, p),
                                      cnn_text_of(op->name), cnn_text_of(op->example));
}

/* frozen(list): a group whose layers are not trained. `p` is after its word. */
static const char *read_frozen(reader *r, const place *at, const cnn_op *op, const char *from,
                               const char *p)
{
    const char *open = open_list(r, op, from, p);
    place inside = *at;
    if (open == NULL || !cnn_nest(r, cnn_span_at(r, open, open + 1)) ||
        !enter(r, cnn_span_at(r, from, open + 1)) || !open_item(r, at, (cnn_text){0}, true) ||
        (at->number > 0 && !extend(r, &inside.path, (cnn_text){0}, at->number, 0))) {
        return NULL;
    }
    inside.number = 0;
    inside.top = false;
    inside.frozen = true;
    p = branch_list(r, &inside, open, open);
    return p != NULL ? close_list(r, open, p) : NULL;
}

/* Reads the labelled item again with the value in hand. Its layers are made once more, in the same
 * order, and share the weights of those that they repeat. */
static bool repeat_labelled(reader *r, const place *at, cnn_label *label, cnn_text name,
                            cnn_span span)
{
    place inside = *at;
    const bool checked = r->checked;
    const int32_t nest = r->nest;
    const cnn_node shared = r->shared, shared_end = r->shared_end;
    const cnn_span reuse = r->reuse;
    if (label->busy) {
        return cnn_stop_words(r, CNN_E_SELF, span, name, (cnn_text){0}) != NULL;
    }
    if (!extend(r, &inside.path, name, at->number, 0)) {
        return false;
    }
    inside.number = 0;
    inside.top = false;
    inside.head = false;
    inside.entry = &label->entry;
    r->checked = label->busy = true;
    r->nest = label->nest;
    r->shared = label->first;
    r->shared_end = label->end;
    r->reuse = span;
    const char *end = item(r, &inside, label->text);
    if (end == NULL || !cnn_read_again(r, end - label->text, span)) {
        return false;
    }
    if (r->shared != r->shared_end) {
        return cnn_stop_words(r, CNN_E_REUSE, span, name, (cnn_text){0}) != NULL;
    }
    r->shared = shared;
    r->shared_end = shared_end;
    r->reuse = reuse;
    r->nest = nest;
    r->checked = checked;
    label->busy = false;
    return true;
}

/* reuse(label): `p` is after its word. An outline has no layers whose weights could be shared: the
 * network is read again and kept then. */
static const char *read_reuse(reader *r, const place *at, const cnn_op *op, const char *from,
                              const char *p)
{
    const char *open = open_list(r, op, from, p);
    if (open == NULL) {
        return NULL;
    }
    const cnn_text name = cnn_see_label(cnn_skip(open + 1, false));
    p = name.size > 0 ? cnn_skip(name.data + name.size, false) : open + 1;
    if (name.size == 0 || *p != ')') {
        return cnn_stop_words(r, CNN_E_LIST_FORM, cnn_span_trimmed(r, from, p),
                              cnn_text_of(op->name), cnn_text_of(op->example));
    }
    p++;
    if (r->dry > 0) {
        return p;
    }
    const cnn_span span = cnn_span_at(r, from, p);
    r->wants_layers = r->to->outline;
    const cnn_name *found = cnn_names_find(at->frame->labels, name);
    if (found == NULL || r->to->outline) {
        cnn_nearest nearest = cnn_nearest_to(name);
        cnn_names_offer(at->frame->labels, &nearest);
        return cnn_stop_words(r, CNN_E_UNKNOWN_LABEL, cnn_span_of(r, name), name, nearest.best);
    }
    if (!enter(r, span) || !open_item(r, at, (cnn_text){0}, false)) {
        return NULL;
    }
    cnn_label *label = found->value;
    if (r->item != NULL && at->top) {
        r->item->composite = r->item->composite || label->end - label->first != 1;
    }
    if (!repeat_labelled(r, at, label, name, span)) {
        return NULL;
    }
    r->depth--;
    return p;
}

/* A branch that has been read: its text is no longer needed. */
typedef struct branch {
    cnn_branch marks;
    cnn_tensor out;
} branch;

enum { FEW_BRANCHES = 4 };

/* A join while it is read. An auxiliary head is a join of one branch. */
typedef struct join {
    const cnn_op *op;
    const char *from; /* its word */
    cnn_tensor entry; /* what enters it */
    place inside;
    branch *branches;
    int32_t count, room, parts;
    branch few[FEW_BRANCHES];
} join;

static bool is_aux(const join *j)
{
    return j->op->form == CNN_FORM_AUX;
}

/* Room for one more branch. */
static branch *next_branch(reader *r, join *j)
{
    if (j->count == j->room) {
        branch *more = CNN_NEW_ARRAY(r->arena, branch, 2 * j->room);
        if (more == NULL) {
            (void)cnn_stop_memory(r);
            return NULL;
        }
        memcpy(more, j->branches, (size_t)j->count * sizeof *more);
        j->branches = more;
        j->room *= 2;
    }
    return &j->branches[j->count++];
}

/* Each branch of a split, such as that at `p`, begins with its part of the channels. */
static bool add_part(reader *r, const place *at, int32_t parts, const char *p)
{
    cnn_attrs attrs = {0};
    attrs.value[CNN_SIZE][0] = parts;
    p = cnn_skip(p, false);
    const cnn_span span = cnn_span_trimmed(r, p, cnn_see_end(p, '|'));
    const cnn_attrs *kept =
        r->dry > 0 || r->to->outline ? &attrs : cnn_builder_keep_attrs(r->to, &attrs);
    return r->dry > 0 || (kept != NULL && add_layer(r, at, &cnn_op_part, kept, NULL, span));
}

/* One branch, after the "(" or "|" at `from`. */
static const char *read_branch(reader *r, join *j, const char *open, const char *from)
{
    place at = j->inside;
    branch *b = next_branch(r, j);
    if (b == NULL || (!is_aux(j) && !extend(r, &at.path, (cnn_text){0}, 0, j->count))) {
        return NULL;
    }
    r->at = j->entry;
    b->marks = (cnn_branch){.first = r->to->layer_count, .entry = j->entry.value};
    if (j->op->splits && !add_part(r, &at, j->parts, from + 1)) {
        return NULL;
    }
    cnn_node start = r->at.value;
    at.head = true;
    at.start = &start;
    const char *p = branch_list(r, &at, open, from);
    b = &j->branches[j->count - 1];
    b->marks.start = start;
    b->marks.end = r->to->layer_count;
    b->out = r->at;
    return p;
}

/* The sources and marks of a kept join. An auxiliary head's end reads the path first. */
static bool keep_branches(reader *r, const join *j, cnn_layer *layer)
{
    cnn_branch *marks = CNN_NEW_ARRAY(r->arena, cnn_branch, j->count);
    cnn_node *sources = CNN_NEW_ARRAY(r->arena, cnn_node, j->count + 1);
    if (marks == NULL || sources == NULL) {
        return cnn_stop_memory(r) != NULL;
    }
    layer->sources = sources;
    layer->branches = marks;
    if (is_aux(j)) {
        *sources++ = j->entry.value;
    }
    for (int32_t i = 0; i < j->count; i++) {
        marks[i] = j->branches[i].marks;
        sources[i] = j->branches[i].out.value;
    }
    return true;
}

/* The join itself, once its branches are read. `p` is after them. */
static CNN_APART bool add_join(reader *r, join *j, const char *p)
{
    static const cnn_attrs none = {0};
    const int32_t first = is_aux(j) ? 1 : 0, count = j->count + first;
    cnn_shape few[FEW_BRANCHES + 1], *in = few;
    const cnn_arena before = *r->arena;
    cnn_layer *layer =
        cnn_builder_next(r->to, j->op, &none, j->entry.value, cnn_span_trimmed(r, j->from, p));
    if (layer == NULL || (!r->to->outline && !keep_branches(r, j, layer))) {
        return false;
    }
    layer->item = r->item;
    layer->path = j->inside.path;
    layer->aux = j->inside.aux;
    layer->frozen = j->inside.frozen;
    if (r->shared_end > 0 && !share(r, layer)) {
        return false;
    }
    layer->source_count = count;
    if (count > FEW_BRANCHES + 1) {
        in = CNN_NEW_ARRAY(r->arena, cnn_shape, count);
        if (in == NULL) {
            return cnn_stop_memory(r) != NULL;
        }
    }
    in[0] = j->entry.shape;
    for (int32_t i = 0; i < j->count; i++) {
        in[first + i] = j->branches[i].out.shape;
    }
    if (!cnn_builder_add(r->to, layer, in)) {
        return false;
    }
    r->at = is_aux(j) ? j->entry : (cnn_tensor){layer->out, r->to->layer_count - 1};
    if (r->to->outline) {
        r->arena->high = before.high;
    }
    return true;
}

static CNN_COLD const char *stop_branches(reader *r, const join *j, const char *p)
{
    const cnn_span span = cnn_span_trimmed(r, j->from, p);
    return is_aux(j)
               ? cnn_stop(r, CNN_E_ONE_LIST, span)
               : cnn_stop_words(r, CNN_E_BRANCHES, span, cnn_text_of(j->op->name), (cnn_text){0});
}

/* How many branches a split has has to be known before the first one is read. */
static int32_t count_parts(const char *open)
{
    int32_t bars;
    const char *deep;
    (void)cnn_see_close(open, &bars, &deep);
    return bars + 1;
}

/* "(" list { "|" list } ")" after the word of a join, which begins at `from`. */
static const char *read_join(reader *r, const place *at, const cnn_op *op, const char *from,
                             const char *p)
{
    join j;
    j.op = op;
    j.from = from;
    j.entry = r->at;
    j.inside = *at;
    j.inside.number = 0;
    j.inside.top = false;
    j.inside.aux = at->aux || op->form == CNN_FORM_AUX;
    j.branches = j.few;
    j.count = 0;
    j.room = FEW_BRANCHES;
    const char *open = cnn_skip(p, false);
    if (*open != '(') {
        return stop_branches(r, &j, p);
    }
    const cnn_span span = cnn_span_at(r, open, open + 1);
    if (!cnn_nest(r, span) || !enter(r, cnn_span_at(r, from, open + 1)) ||
        !open_item(r, at, (cnn_text){0}, true)) {
        return NULL;
    }
    j.parts = op->splits && r->dry == 0 ? count_parts(open) : 0;
    p = open;
    do {
        p = read_branch(r, &j, open, p);
    } while (p != NULL && *p == '|');
    p = p != NULL ? close_list(r, open, p) : NULL;
    if (p == NULL) {
        return NULL;
    }
    if (is_aux(&j) ? j.count != 1 : j.count < 2) {
        return stop_branches(r, &j, p);
    }
    return r->dry > 0 || add_join(r, &j, p) ? p : NULL;
}

/* ---- calls ---- */

enum { FEW_PARAMS = 4 };

/* A call while its arguments are read. */
typedef struct call {
    const cnn_definition *definition;
    const place *at;
    const char *from; /* its name */
    cnn_binding *bindings;
    cnn_binding few[FEW_PARAMS];
} call;

/* Keeps layers, from `p` on, as a closure. Returns the end of them. */
static const char *bind_layers(reader *r, const place *at, const char *p, cnn_binding *out,
                               cnn_span *span)
{
    const char *end;
    if (r->checked) {
        end = cnn_see_end(p, ',');
        if (!cnn_read_again(r, end - p, cnn_span_at(r, p, p + 1))) {
            return NULL;
        }
    } else {
        place inside = *at;
        inside.top = false;
        r->dry++;
        end = item(r, &inside, p);
        r->dry--;
        if (end == NULL) {
            return NULL;
        }
    }
    *span = cnn_span_trimmed(r, p, end);
    *out = (cnn_binding){CNN_BOUND_LAYERS, r->nest, {0, 1}, p, at->frame, at->entry};
    return cnn_skip(end, true);
}

/* A value: a number when it reads as one up to "," or ")" with names of numbers only; otherwise
 * layers. A lone parameter passes on what it holds. */
static const char *bind(reader *r, const place *at, const char *p, cnn_binding *out, cnn_span *span)
{
    p = cnn_skip(p, true);
    if (*p == ')') {
        return cnn_stop_unexpected(r, p, "a number or a layer is wanted here");
    }
    cnn_computed number;
    const int32_t nest = r->nest;
    r->trial++;
    const char *end = cnn_read_expr(r, at, p, &number);
    const char *next = end != NULL ? cnn_skip(end, true) : NULL;
    if (r->err->code != CNN_OK) {
        return NULL;
    }
    r->trial--;
    r->nest = nest;
    if (next == NULL || (*next != ',' && *next != ')')) {
        return bind_layers(r, at, p, out, span);
    }
    *span = cnn_span_trimmed(r, p, end);
    *out = (cnn_binding){.kind = CNN_BOUND_NUMBER, .number = number.n};
    if (r->dry > 0) {
        return next; /* the value does not matter */
    }
    if (number.param >= 0) {
        *out = at->frame->bindings[number.param];
    } else if (number.code != CNN_OK) {
        return cnn_stop_computed(r, &number);
    }
    return next;
}

/* The parameter that an argument is for. `name` is empty: it is the one at this position. */
static bool find_param(reader *r, const call *c, cnn_text name, cnn_span span, int32_t *index)
{
    const cnn_definition *d = c->definition;
    if (name.size == 0 && *index >= d->param_count) {
        if (r->trial == 0) {
            r->err->number[0] = d->param_count;
        }
        return cnn_stop_words(r, CNN_E_ARG_SURPLUS, span, d->name, (cnn_text){0}) != NULL;
    }
    if (name.size > 0) {
        const cnn_name *param = cnn_names_find(&d->names, name);
        if (param == NULL) {
            cnn_nearest nearest = cnn_nearest_to(name);
            cnn_names_offer(&d->names, &nearest);
            if (r->trial == 0) {
                r->err->word[2] = nearest.best;
            }
            return cnn_stop_words(r, CNN_E_ARG_NAME, cnn_span_of(r, name), d->name, name) != NULL;
        }
        *index = param->number;
    }
    if (c->bindings[*index].kind != CNN_UNBOUND) {
        return cnn_stop_words(r, CNN_E_ARG_TWICE, span, d->name, d->params[*index].name) != NULL;
    }
    return true;
}

/* NAME "=" before a value; empty, and *p stays: there is none. */
static cnn_text read_arg_name(const char **p)
{
    const cnn_text name = cnn_see_name(*p);
    const char *end = cnn_skip(*p + name.size, true);
    if (name.size == 0 || *end != '=') {
        return (cnn_text){0};
    }
    *p = end + 1;
    return name;
}

/* "(" [ arg { "," arg } ] ")" */
static const char *read_args(reader *r, call *c, const char *p)
{
    const cnn_span open = cnn_span_at(r, p, p + 1);
    bool named = false;
    p = cnn_skip(p + 1, true);
    for (int32_t i = 0; *p != ')' || i > 0; i++) {
        cnn_binding value;
        cnn_span span;
        int32_t index = i;
        if (*p == '\0') {
            return cnn_stop(r, CNN_E_PAREN_OPEN, open);
        }
        const cnn_text name = read_arg_name(&p);
        p = bind(r, c->at, p, &value, &span);
        if (p == NULL || !find_param(r, c, name, span, &index)) {
            return NULL;
        }
        if (named && name.size == 0) {
            return cnn_stop(r, CNN_E_ARG_ORDER, span);
        }
        named = name.size > 0;
        c->bindings[index] = value;
        if (*p != ',') {
            break;
        }
        p = cnn_skip(p + 1, true);
    }
    if (*p != ')') {
        return *p == '\0' ? cnn_stop(r, CNN_E_PAREN_OPEN, open)
                          : cnn_stop_unexpected(r, p,
                                                "write a comma between values, and parentheses "
                                                "around several layers");
    }
    return p + 1;
}

/* Every parameter without a default needs a value. */
static bool check_given(reader *r, const call *c, const char *end)
{
    const cnn_definition *d = c->definition;
    for (int32_t i = 0; i < d->param_count; i++) {
        if (c->bindings[i].kind == CNN_UNBOUND && d->params[i].standard == NULL) {
            return cnn_stop_words(r, CNN_E_ARG_MISSING, cnn_span_trimmed(r, c->from, end), d->name,
                                  d->params[i].name) != NULL;
        }
    }
    return true;
}

/* The defaults of parameters without a value, inside the call, where parameters before them are
 * known. */
static bool bind_defaults(reader *r, const place *inside, cnn_binding *bindings)
{
    const cnn_definition *d = inside->frame->definition;
    for (int32_t i = 0; i < d->param_count; i++) {
        cnn_span span;
        if (bindings[i].kind == CNN_UNBOUND &&
            bind(r, inside, d->params[i].standard, &bindings[i], &span) == NULL) {
            return false;
        }
    }
    return true;
}

/* item { "," item }, up to a line end outside parentheses that no comma precedes. */
static const char *body(reader *r, place *at, const cnn_definition *d, const char *p)
{
    const char *comma = NULL; /* before the item */
    for (;;) {
        p = cnn_skip(p, true);
        if (*p == '\0' || *p == ';') {
            return comma == NULL
                       ? cnn_stop_words(r, CNN_E_BODY_MISSING, cnn_span_of(r, d->name), d->name,
                                        (cnn_text){0})
                       : cnn_stop(r, CNN_E_ITEM_MISSING, cnn_span_at(r, comma, comma + 1));
        }
        bool read;
        p = read_plain(r, at, p, &read);
        p = p != NULL && !read ? item(r, at, p) : p;
        if (p == NULL) {
            return NULL;
        }
        at->head = false;
        const char *next = cnn_skip(p, false);
        if (*next != ',') {
            return next;
        }
        comma = next;
        p = next + 1;
    }
}

/* Reads the definition's text with these values. */
static bool expand(reader *r, const place *at, const cnn_definition *d, cnn_binding *bindings,
                   cnn_span span)
{
    cnn_names labels = {0};
    const cnn_frame frame = {d, bindings, &labels};
    const cnn_tensor entry = r->at;
    const cnn_arena before = *r->arena;
    const int32_t nest = r->nest, lasting = r->lasting;
    const bool checked = r->checked;
    place inside = *at;
    inside.frame = &frame;
    inside.entry = &entry;
    inside.number = 0;
    inside.top = false;
    if (!cnn_read_again(r, d->end - d->body, span) || !enter(r, span) ||
        !open_item(r, at, (cnn_text){0}, true) ||
        !extend(r, &inside.path, d->name, at->number, 0)) {
        return false;
    }
    r->checked = true;
    r->nest = 1; /* the defaults are in parentheses */
    if (!bind_defaults(r, &inside, bindings)) {
        return false;
    }
    r->nest = 0;
    if (body(r, &inside, d, d->body) == NULL) {
        return false;
    }
    r->checked = checked;
    r->nest = nest;
    r->depth--;
    if (r->to->outline && r->lasting == lasting) {
        r->arena->high = before.high; /* nothing of the call is left */
    }
    return true;
}

/* A call of the definition whose name begins at `from` and ends at `p`. */
static const char *read_call(reader *r, const place *at, const cnn_definition *d, const char *from,
                             const char *p)
{
    call c;
    c.definition = d;
    c.at = at;
    c.from = from;
    c.bindings = c.few;
    const cnn_arena before = *r->arena;
    const int32_t lasting = r->lasting;
    for (int32_t i = 0; i < FEW_PARAMS; i++) {
        c.few[i].kind = CNN_UNBOUND;
    }
    if (d->param_count > FEW_PARAMS) {
        c.bindings = CNN_NEW_ARRAY(r->arena, cnn_binding, d->param_count);
        if (c.bindings == NULL) {
            return cnn_stop_memory(r);
        }
        if (!cnn_read_again(r, (int64_t)sizeof(cnn_binding) * d->param_count,
                            cnn_span_at(r, from, p))) {
            return NULL;
        }
    }
    const char *open = cnn_skip(p, false);
    if (*open == '(') {
        if (!cnn_nest(r, cnn_span_at(r, open, open + 1))) {
            return NULL;
        }
        p = read_args(r, &c, open);
        if (p == NULL) {
            return NULL;
        }
        r->nest--;
    }
    if (!check_given(r, &c, p)) {
        return NULL;
    }
    if (r->dry == 0 && !expand(r, at, d, c.bindings, cnn_span_trimmed(r, from, p))) {
        return NULL;
    }
    if (r->dry > 0 || (r->to->outline && r->lasting == lasting)) {
        r->arena->high = before.high;
    }
    return p;
}

/* A parameter that holds layers: they are read here, but with the names, labels and sizes of where
 * they were written. */
static const char *read_param(reader *r, const place *at, int32_t index, const char *from,
                              const char *p)
{
    if (r->dry > 0) {
        return p;
    }
    const cnn_binding *binding = &at->frame->bindings[index];
    const cnn_span span = cnn_span_at(r, from, p);
    if (binding->kind != CNN_BOUND_LAYERS) {
        return cnn_stop_words(r, CNN_E_HOLDS_NUMBER, span,
                              at->frame->definition->params[index].name, (cnn_text){0});
    }
    if (!enter(r, span)) {
        return NULL;
    }
    place inside = *at;
    const int32_t nest = r->nest;
    const bool checked = r->checked;
    inside.frame = binding->frame;
    inside.entry = binding->entry;
    r->nest = binding->nest;
    r->checked = true;
    const char *end = item(r, &inside, binding->text);
    if (end == NULL || !cnn_read_again(r, end - binding->text, span)) {
        return NULL;
    }
    r->nest = nest;
    r->checked = checked;
    r->depth--;
    return p;
}

/* ---- definitions ---- */

static bool check_name(reader *r, cnn_text name)
{
    const char *taken = cnn_name_taken(name);
    return taken == NULL || cnn_stop_words(r, CNN_E_NAME_TAKEN, cnn_span_of(r, name), name,
                                           cnn_text_of(taken)) != NULL;
}

/* The default after the "=" of a parameter. Parameters before it may be used in it. */
static const char *read_default(reader *r, const place *at, const char *p, cnn_param *param)
{
    cnn_binding ignored;
    cnn_span span;
    param->standard = p;
    r->dry++;
    p = bind(r, at, p, &ignored, &span);
    r->dry--;
    return p;
}

static const char *read_param_text(reader *r, const place *at, cnn_definition *d, const char *p)
{
    p = cnn_skip(p, true);
    const cnn_text name = cnn_see_name(p);
    if (name.size == 0) {
        return cnn_stop_unexpected(r, p, "the name of a parameter is wanted here");
    }
    if (!check_name(r, name)) {
        return NULL;
    }
    const cnn_name *twin = cnn_names_find(&d->names, name);
    if (twin != NULL) {
        return cnn_stop_words(r, CNN_E_DEFINED_TWICE, cnn_span_of(r, name), name, twin->text);
    }
    cnn_param *param = &d->params[d->param_count];
    param->name = name;
    p = cnn_skip(p + name.size, true);
    if (*p == '=') {
        p = read_default(r, at, p + 1, param);
        if (p == NULL) {
            return NULL;
        }
    } else if (d->param_count > 0 && param[-1].standard != NULL) {
        return cnn_stop_words(r, CNN_E_DEFAULTS_LAST, cnn_span_of(r, name), name, (cnn_text){0});
    }
    cnn_name *entry = cnn_names_add(&d->names, name, r->arena);
    if (entry == NULL) {
        return cnn_stop_memory(r);
    }
    entry->number = d->param_count++;
    return p;
}

/* "(" param { "," param } ")": there are at most as many as commas, and one. */
static const char *read_params(reader *r, const place *at, cnn_definition *d, const char *p)
{
    int32_t bars, most = 1;
    const char *deep, *close = cnn_see_close(p, &bars, &deep);
    for (const char *q = p; q < close; q++) {
        most += *q == ',';
    }
    d->params = CNN_NEW_ARRAY(r->arena, cnn_param, most);
    if (d->params == NULL) {
        return cnn_stop_memory(r);
    }
    r->nest++; /* inside parentheses */
    do {
        p = read_param_text(r, at, d, p + 1);
    } while (p != NULL && *p == ',');
    if (p == NULL) {
        return NULL;
    }
    r->nest--;
    return *p == ')' ? p + 1 : cnn_stop_unexpected(r, p, "write f(a, b=2) = ... to define f");
}

static bool at_line_end(const char *p)
{
    return *p == '\0' || *p == '\n' || *p == '\r' || *p == ';';
}

/* --define NAME=N replaces the number that the list gives. */
static bool override_number(reader *r, cnn_definition *d)
{
    for (int32_t i = 0; i < r->settings->define_count; i++) {
        cnn_text value = r->settings->defines[i];
        const cnn_span whole = {0, (uint32_t)value.size};
        if (!cnn_text_same(cnn_text_trim(cnn_text_split(&value, '=')), d->name)) {
            continue;
        }
        value = cnn_text_trim(value);
        const char *p = cnn_copy_text(r->arena, value);
        if (p == NULL) {
            return cnn_stop_memory(r) != NULL;
        }
        const char *end = cnn_read_decimal(r, p, &d->value);
        if (end == NULL || end == p || end != p + value.size) {
            (void)cnn_stop(r, CNN_E_DEFINE_FORM, whole);
            r->err->source = CNN_SOURCE_DEFINE;
            r->err->span = whole;
            r->err->number[3] = i;
            return false;
        }
        r->defines_used |= i < 32 ? 1u << i : 0;
    }
    return true;
}

/* A body that is an expression of known numbers makes a named number. *number: it did. */
static const char *read_named_number(reader *r, const place *at, cnn_definition *d, const char *p,
                                     bool *number)
{
    cnn_computed computed;
    const int32_t nest = r->nest;
    r->trial++;
    const char *end = cnn_read_expr(r, at, p, &computed);
    end = end != NULL ? cnn_skip(end, false) : NULL;
    if (r->err->code != CNN_OK) {
        return NULL;
    }
    r->trial--;
    r->nest = nest;
    *number = end != NULL && at_line_end(end);
    if (end != NULL && *end == ',') {
        return cnn_stop_words(r, CNN_E_NUMBER_LINE, cnn_span_at(r, end, end + 1), d->name,
                              (cnn_text){0});
    }
    if (!*number) {
        return p;
    }
    if (computed.loose) {
        return cnn_stop_words(r, CNN_E_NUMBER_WANTED, computed.loose_at,
                              cnn_text_of("a number, or the name of one"), (cnn_text){0});
    }
    if (computed.code != CNN_OK) {
        return cnn_stop_computed(r, &computed);
    }
    d->is_number = true;
    d->value = computed.n;
    return override_number(r, d) ? end : NULL;
}

/* NAME [ "(" params ")" ] "=" body. The "=" was seen. */
static const char *read_definition(reader *r, const place *at, cnn_text name, cnn_definition *d)
{
    cnn_names labels = {0};
    const cnn_frame frame = {d, NULL, &labels};
    place inside = *at;
    inside.frame = &frame;
    inside.top = false;
    *d = (cnn_definition){.name = name};
    const char *p = cnn_skip(name.data + name.size, false);
    if (*p == '(') {
        p = read_params(r, &inside, d, p);
        if (p == NULL) {
            return NULL;
        }
    }
    p = cnn_skip(cnn_skip(p, false) + 1, true);
    bool number = false;
    if (d->params == NULL) {
        p = read_named_number(r, &inside, d, p, &number);
    }
    if (number || p == NULL) {
        return p;
    }
    d->body = p;
    r->defining = d;
    r->dry++;
    p = body(r, &inside, d, p);
    r->dry--;
    r->defining = NULL;
    d->end = p;
    return p;
}

static const char *define(reader *r, const place *at, const char *p)
{
    const cnn_text name = cnn_see_name(p);
    if (cnn_text_is(name, "input")) {
        return cnn_stop(r, CNN_E_INPUT_LATE, cnn_span_of(r, name));
    }
    if (!check_name(r, name)) {
        return NULL;
    }
    const cnn_name *twin = cnn_names_find(&r->definitions, name);
    if (twin != NULL) {
        return cnn_stop_words(r, CNN_E_DEFINED_TWICE, cnn_span_of(r, name), name, twin->text);
    }
    cnn_definition *d = CNN_NEW(r->arena, cnn_definition);
    if (d == NULL) {
        return cnn_stop_memory(r);
    }
    p = read_definition(r, at, name, d);
    if (p == NULL) {
        return NULL;
    }
    /* Only now: a body cannot use the name that it defines. */
    cnn_name *entry = cnn_names_add(&r->definitions, name, r->arena);
    if (entry == NULL) {
        return cnn_stop_memory(r);
    }
    entry->value = d;
    return p;
}

/* ---- macros ---- */

/* The list of a macro layer as a definition. Its text is a constant, and right. */
static const cnn_definition *find_macro(reader *r, const place *at, const cnn_op *op)
{
    cnn_name *entry = cnn_names_add(&r->macros, cnn_text_of(op->name), r->arena);
    if (entry != NULL && entry->value == NULL) {
        cnn_definition *d = CNN_NEW(r->arena, cnn_definition);
        if (d != NULL && read_definition(r, at, cnn_see_name(op->body), d) != NULL) {
            entry->value = d;
            r->lasting++;
        }
    }
    return entry != NULL ? entry->value : NULL;
}

/* A layer that is short for a list: a call with its channels and its bias as numbers. */
static CNN_APART bool add_macro(reader *r, const place *at, const cnn_op *op,
                                const cnn_attrs *attrs, cnn_span span)
{
    cnn_binding bindings[] = {
        {.kind = CNN_BOUND_NUMBER, .number = {attrs->value[CNN_CHANNELS][0], 1}},
        {.kind = CNN_BOUND_NUMBER, .number = {attrs->value[CNN_BIAS][0], 1}},
    };
    r->built_in = true;
    r->call = span;
    const cnn_definition *d = find_macro(r, at, op);
    if (d == NULL) {
        return cnn_stop_memory(r) != NULL;
    }
    if (!expand(r, at, d, bindings, span)) {
        return false;
    }
    r->built_in = false;
    return true;
}

/* ---- items ---- */

/* A layer: `p` is after its word, which begins at `from`. */
static inline const char *read_layer(reader *r, const place *at, const cnn_word *word,
                                     const char *from, const char *p)
{
    cnn_layer_text text;
    const cnn_op *op = word->op;
    p = cnn_read_layer(r, at, word, from, p, &text);
    if (p == NULL || r->dry > 0) {
        return p;
    }
    const cnn_span span = cnn_span_trimmed(r, from, p);
    if (op->form == CNN_FORM_MACRO) {
        return add_macro(r, at, op, &text.attrs, span) ? p : NULL;
    }
    const cnn_tensor *second = NULL;
    if (text.label.size > 0) {
        second = find_label(r, at, text.label, span);
        if (second == NULL) {
            return NULL;
        }
    }
    const cnn_attrs *attrs = word->standard;
    if (op->uses != NULL) {
        attrs = r->to->outline ? &text.attrs : cnn_builder_keep_attrs(r->to, &text.attrs);
    }
    return attrs != NULL && add_layer(r, at, op, attrs, second, span) ? p : NULL;
}

/* A layer that is nothing but its word. */
static inline bool add_bare(reader *r, const place *at, const cnn_word *word, cnn_span span)
{
    cnn_builder *to = r->to;
    if (to->outline && cnn_op_is_idle(word->op) && cnn_builder_room(to) >= 1) {
        to->layer_count++;
        return true;
    }
    return add_layer(r, at, word->op, word->standard, NULL, span);
}

static CNN_APART const char *read_known(reader *r, const place *at, const cnn_word *word,
                                        const char *from, const char *p)
{
    switch (word->op->form) {
    case CNN_FORM_JOIN:
    case CNN_FORM_AUX:
        return read_join(r, at, word->op, from, p);
    case CNN_FORM_FROZEN:
        return read_frozen(r, at, word->op, from, p);
    case CNN_FORM_REUSE:
        return read_reuse(r, at, word->op, from, p);
    default:
        return read_layer(r, at, word, from, p);
    }
}

/* Names come first: a parameter, a named number, a definition; then the layers' words. */
static const char *read_word(reader *r, const place *at, const char *p)
{
    const cnn_text name = cnn_see_name(p);
    const char *end = p + name.size;
    cnn_computed number;
    const cnn_name_kind kind = cnn_see_number(r, at, name, &number);
    const char *sign = cnn_skip(end, false);
    if (kind != CNN_NO_NUMBER && *sign == '*') {
        return counted(r, at, &number, cnn_span_of(r, name), sign + 1, 1);
    }
    if (kind == CNN_PARAM) {
        return read_param(r, at, number.param, p, end);
    }
    if (kind == CNN_NAMED) {
        return cnn_stop_words(r, CNN_E_HOLDS_NUMBER, cnn_span_of(r, name), name, (cnn_text){0});
    }
    if (number.list != NULL) {
        return read_call(r, at, number.list, p, end);
    }
    const cnn_word *word = cnn_see_word(r, at, p, &end);
    if (word == NULL || memchr(name.data, '_', name.size) != NULL) {
        return cnn_stop_word(r, p); /* no layer has a "_": a definition is meant */
    }
    return read_known(r, at, word, p, end);
}

/* What begins an item decides what it is. */
static CNN_APART const char *read_unit(reader *r, const place *at, const char *p)
{
    const cnn_text label = cnn_see_label(p);
    if (label.size > 0) {
        const char *end = cnn_skip(p + label.size, false);
        if (*end == ':') {
            return labelled(r, at, label, end + 1);
        }
    }
    if (cnn_is_digit(*p)) {
        return count_by_int(r, at, p);
    }
    if (*p == '(') {
        return group(r, at, p);
    }
    if (*p == '@') {
        return tap(r, at, p);
    }
    if (cnn_is_letter(*p) || *p == '_') {
        return read_word(r, at, p);
    }
    if (*p == ',') {
        return cnn_stop(r, CNN_E_ITEM_MISSING, cnn_span_at(r, p, p + 1));
    }
    return cnn_stop_unexpected(r, p, "a layer is wanted here");
}

/*
 * Whether the known word before `p` is surely a layer's or a join's here, and all of it: not a
 * part of a longer word, nor a label or the name of a definition, which may be in a text with such
 * names.
 */
static inline bool is_word(const reader *r, const cnn_word *word, const char *p)
{
    if (*p == '_' || (*p == '-' && cnn_is_letter(p[1])) ||
        (word->longer && cnn_is_digit(*cnn_skip(p, false)))) {
        return false;
    }
    if (!r->named) {
        return true;
    }
    for (; cnn_in_label(*p); p++) {
        if (!cnn_is_digit(*p)) {
            return false; /* conv3s2 may be the name of a definition or parameter */
        }
    }
    p = cnn_skip(p, false);
    return *p != ':' && *p != '=';
}

static const char *item(reader *r, const place *at, const char *p)
{
    const cnn_word *word = cnn_known_word(p);
    if (!CNN_LIKELY(word != NULL)) {
        return read_unit(r, at, p);
    }
    const char *end = p + word->size;
    if (CNN_LIKELY(word->bare && cnn_ends_item(*end))) {
        return r->dry > 0 || add_bare(r, at, word, cnn_span_at(r, p, end)) ? end : NULL;
    }
    return is_word(r, word, end) ? read_known(r, at, word, p, end) : read_unit(r, at, p);
}

/* The break after an item. Nearly always it is a comma, a blank at most, and then a letter; or the
 * text ends. */
static inline const char *read_break(reader *r, const char *p, bool inside)
{
    if (*p == '\0') {
        return p;
    }
    if (CNN_LIKELY(*p == ',')) {
        const char *next = p[1] == ' ' ? p + 2 : p + 1;
        if (CNN_LIKELY(cnn_is_letter(*next))) {
            return next;
        }
    }
    return cnn_read_break(r, p, inside);
}

/* Items and the breaks after them, up to the ")" or "|" that ends the list, or the text's end. */
static const char *series(reader *r, const place *outside, const char *p, bool *any)
{
    const cnn_tensor entry = r->at;
    place at = *outside;
    at.entry = &entry;
    const int32_t before = r->to->layer_count;
    for (;;) {
        bool read;
        p = read_plain(r, &at, p, &read);
        if (p == NULL) {
            return NULL;
        }
        if (!read) {
            if (*p == '\0' || *p == ')' || *p == '|') {
                *any = *any || r->to->layer_count > before;
                return p;
            }
            p = item(r, &at, p);
            at.head = false;
        }
        *any = true;
        p = p != NULL ? read_break(r, p, true) : NULL;
        if (p == NULL) {
            return NULL;
        }
    }
}

/* ---- the list itself ---- */

/* An item at the top level failed. An error of syntax in it, or after it, is told first; otherwise
 * the error is told with the item that led to it, unless it is the place. */
static CNN_COLD bool explain_failure(reader *r, const place *top, const char *from)
{
    const cnn_error first = *r->err;
    if (first.code == CNN_OUT_OF_MEMORY) {
        return false;
    }
    *r->err = (cnn_error){0};
    r->dry = 1;
    r->trial = r->nest = r->depth = 0;
    r->steps = r->reread = 0;
    r->checked = r->built_in = false;
    const char *end = item(r, top, from);
    if (end == NULL || cnn_read_break(r, end, false) == NULL) {
        return false;
    }
    *r->err = first;
    const cnn_span span = cnn_span_trimmed(r, from, end);
    r->err->call = first.span.begin < span.begin ? span : (cnn_span){0, 0};
    return false;
}

static void end_item(reader *r, const char *p)
{
    if (r->item != NULL && p != NULL) {
        r->item->end = r->to->layer_count;
        r->item->span = cnn_span_trimmed(r, r->unit, p);
        r->item = NULL;
    }
}

/* Definitions and items, from `p` to the end of the text. */
static bool read_items(reader *r, place *at, const char *p)
{
    bool any = false;
    while (*p != '\0') {
        bool read;
        p = read_plain(r, at, p, &read);
        if (p != NULL && !read) {
            if (r->named && cnn_see_definition(p)) {
                p = define(r, at, p);
                p = p != NULL ? cnn_read_break(r, p, false) : NULL;
                if (p == NULL) {
                    return false;
                }
                continue;
            }
            const char *from = r->unit = p;
            p = item(r, at, p);
            r->from = from;
            end_item(r, p);
        }
        if (p == NULL) {
            return explain_failure(r, at, r->from);
        }
        any = true;
        p = read_break(r, p, false);
        if (p == NULL) {
            return false;
        }
    }
    return any || r->to->layer_count > r->to->net->input_count ||
           cnn_stop(r, CNN_E_EMPTY_LIST, cnn_span_at(r, p, p)) != NULL;
}

/* A --define that names nothing is a slip of the pen. */
static bool check_defines(reader *r)
{
    for (int32_t i = 0; i < r->settings->define_count && i < 32; i++) {
        if ((r->defines_used >> i & 1) != 0) {
            continue;
        }
        cnn_text rest = r->settings->defines[i];
        const cnn_span span = {0, (uint32_t)rest.size};
        const cnn_text name = cnn_text_trim(cnn_text_split(&rest, '='));
        r->err->source = CNN_SOURCE_DEFINE;
        r->err->number[3] = i;
        if (rest.size == 0 || name.size == 0) {
            return cnn_fail(r->err, CNN_E_DEFINE_FORM, span);
        }
        cnn_nearest nearest = cnn_nearest_to(name);
        cnn_names_offer(&r->definitions, &nearest);
        return cnn_fail_words(r->err, CNN_E_DEFINE_NAME, span, name, nearest.best);
    }
    return true;
}

/* An input of the settings; it is a text of its own. */
static bool read_given_input(const reader *r, cnn_text text, int32_t index, cnn_input_text *input)
{
    bool named;
    reader other = {.arena = r->arena, .err = r->err, .settings = r->settings};
    other.begin = cnn_text_check(text, &named, r->err) ? cnn_copy_text(r->arena, text) : NULL;
    if (other.begin == NULL && r->err->code == CNN_OK) {
        return cnn_stop_memory(&other) != NULL;
    }
    if (other.begin == NULL || cnn_read_input(&other, other.begin, input) == NULL) {
        r->err->source = CNN_SOURCE_INPUT;
        r->err->number[3] = index;
        return false;
    }
    return true;
}

/* Whether the text of a named input can be one, and no earlier one has its name. */
static bool check_named_input(reader *r, int32_t index, cnn_text *name, cnn_text *size)
{
    const cnn_text *inputs = r->settings->inputs;
    int32_t code = cnn_split_input(inputs[index], name, size) ? CNN_OK : CNN_E_INPUT_LABEL;
    for (int32_t i = 0; code == CNN_OK && i < index; i++) {
        cnn_text other, ignored;
        (void)cnn_split_input(inputs[i], &other, &ignored);
        code = cnn_text_same(other, *name) ? CNN_E_INPUT_TWICE : CNN_OK;
    }
    if (code == CNN_OK) {
        return true;
    }
    r->err->source = CNN_SOURCE_INPUT;
    r->err->number[3] = index;
    return cnn_fail_words(r->err, code, (cnn_span){0, (uint32_t)name->size}, *name, (cnn_text){0});
}

/* The size of a named input; a place in it is one in the whole text. */
static bool read_named_size(const reader *r, int32_t index, cnn_text size, cnn_input_text *at)
{
    const uint32_t before = (uint32_t)(size.data - r->settings->inputs[index].data);
    if (!read_given_input(r, size, index, at)) {
        r->err->span.begin += before;
        r->err->span.end += before;
        return false;
    }
    return true;
}

/* The inputs that the settings name: they replace the list's, or are all there are. */
static bool read_named_inputs(reader *r, cnn_input_text *first)
{
    const cnn_settings *s = r->settings;
    const bool own = !first->given;
    cnn_input_text *last = first;
    for (int32_t i = 0; i < s->input_count; i++) {
        cnn_text name, size;
        cnn_input_text *at = first;
        if (!check_named_input(r, i, &name, &size)) {
            return false;
        }
        while (at != NULL && !(at->given && cnn_text_same(at->name, name))) {
            at = at->next;
        }
        if (at == NULL && own) {
            at = i == 0 ? first : CNN_NEW(r->arena, cnn_input_text);
            if (at == NULL) {
                return cnn_stop_memory(r) != NULL;
            }
            last->next = at == first ? NULL : at;
            last = at;
            at->name = name;
        } else if (at == NULL) {
            cnn_nearest nearest = cnn_nearest_to(name);
            for (at = first; at != NULL; at = at->next) {
                cnn_nearest_offer(&nearest, at->name);
            }
            r->err->source = CNN_SOURCE_INPUT;
            r->err->number[3] = i;
            return cnn_fail_words(r->err, CNN_E_INPUT_NAME, (cnn_span){0, (uint32_t)name.size},
                                  name, nearest.best);
        }
        if (!read_named_size(r, i, size, at)) {
            return false;
        }
    }
    return true;
}

/* The input: what the settings give, or the list, or else the standard. Returns the position of
 * the first item. */
static const char *read_start(reader *r, const place *at, cnn_input_text *input)
{
    const char *p = cnn_read_input_lines(r, r->begin, input);
    p = p != NULL ? cnn_read_begin(r, p) : NULL;
    while (p != NULL && r->named && !input->given && cnn_see_definition(p)) {
        p = define(r, at, p);
        p = p != NULL ? cnn_read_break(r, p, false) : NULL;
        p = p != NULL ? cnn_read_input_lines(r, p, input) : NULL;
    }
    if (p == NULL) {
        return NULL;
    }
    const cnn_settings *s = r->settings;
    if (s->input_count > 0 && !read_named_inputs(r, input)) {
        return NULL;
    }
    const cnn_text text = s->input.size > 0 || input->given ? s->input : s->standard_input;
    if (text.size > 0) {
        return read_given_input(r, text, 0, input) ? p : NULL;
    }
    if (!input->given) {
        input->shape = (cnn_shape){3, {224, 224}, 2}; /* the usual size for ImageNet */
    }
    return p;
}

static bool add_inputs(reader *r, const cnn_input_text *input)
{
    for (; input != NULL; input = input->next) {
        cnn_name *name = NULL;
        if (!cnn_builder_add_input(r->to, &input->shape, input->span)) {
            return false;
        }
        if (input->name.size == 0) {
            continue;
        }
        name = cnn_names_add(&r->inputs, input->name, r->arena);
        cnn_tensor *tensor = CNN_NEW(r->arena, cnn_tensor);
        if (name == NULL || tensor == NULL) {
            return cnn_stop_memory(r) != NULL;
        }
        *tensor = (cnn_tensor){input->shape, r->to->layer_count - 1};
        name->value = tensor;
        if (!r->to->outline) {
            r->to->net->layers[tensor->value].label = input->name;
        }
    }
    return true;
}

/* Reads `text` into `to`, which is still to be opened. *in gets the input's shape. */
static bool read_list(reader *r, cnn_text text, bool outline, cnn_network *net, cnn_shape *in)
{
    cnn_input_text input = {0};
    if (text.size > CNN_MAX_BYTES) {
        return cnn_fail_numbers(r->err, CNN_E_TOO_LONG, (cnn_span){0, 0}, CNN_MAX_BYTES, 0);
    }
    if (!cnn_text_check(text, &r->named, r->err)) {
        return false;
    }
    r->begin = cnn_copy_text(r->arena, text);
    if (r->begin == NULL) {
        return cnn_fail_memory(r->err);
    }
    cnn_names labels = {0};
    const cnn_frame frame = {.labels = &labels};
    place at = {.frame = &frame, .entry = &r->input, .top = true};
    if (!cnn_builder_open(r->to, r->arena, outline, net, r->err)) {
        return false;
    }
    const char *p = read_start(r, &at, &input);
    if (p == NULL || !add_inputs(r, &input)) {
        return false;
    }
    net->text = text;
    net->nested = true;
    *in = input.shape;
    r->input = r->at = (cnn_tensor){input.shape, 0};
    r->axes = input.shape.axes > 0 ? input.shape.axes : 2;
    if (!read_items(r, &at, p) || !check_defines(r)) {
        return false;
    }
    cnn_builder_close(r->to, r->at.value);
    return true;
}

static const cnn_settings no_settings = {0};

bool cnn_network_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      cnn_network *out, cnn_error *err)
{
    cnn_builder to;
    cnn_shape in;
    reader r = {.arena = arena,
                .err = err,
                .to = &to,
                .settings = settings != NULL ? settings : &no_settings};
    return read_list(&r, text, false, out, &in);
}

bool cnn_outline_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      cnn_network *out, cnn_layer *ends, cnn_error *err)
{
    cnn_builder to;
    reader r = {.arena = arena,
                .err = err,
                .to = &to,
                .settings = settings != NULL ? settings : &no_settings};
    const cnn_arena before = *arena;
    bool done = read_list(&r, text, true, out, &ends->in);
    if (r.wants_layers && err->code == CNN_E_UNKNOWN_LABEL) {
        *arena = before;
        *err = (cnn_error){0};
        r = (reader){.arena = arena, .err = err, .to = &to, .settings = r.settings};
        done = read_list(&r, text, false, out, &ends->in);
    }
    ends->out = r.at.shape;
    return done;
}
