/*
 * The items of a list: layers, groups, repeats and joins, which contain each other. What is read is
 * done at once: layers go to the builder, and the value in hand (r->at) becomes theirs. A repeat
 * reads its item again.
 *
 * Dry reading (r->dry > 0) does nothing but check syntax and names. It serves definitions where
 * they are written, arguments where they are given, items that are repeated 0 times, and errors
 * (see list_read.c).
 */
#include "base/checked.h"
#include "lang/descent.h"

typedef cnn_reader reader;
typedef cnn_place place;

static const char *series(reader *r, const place *outside, const char *p, bool *any);

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
    /* Its text lies elsewhere: an error is told at the reuse(). */
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

bool cnn_extend(reader *r, const cnn_path **path, cnn_text name, int32_t number, int32_t branch)
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

bool cnn_open_kept(reader *r, cnn_text label, bool composite)
{
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

/* ---- labels and taps ---- */

static const cnn_tensor *find_label(reader *r, const place *at, cnn_text label, cnn_span span)
{
    if (cnn_is_input(label)) {
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

/* The position after the ":" of a label at `p`; NULL: there is none. */
static const char *see_labelled(const char *p, cnn_text *label)
{
    *label = cnn_see_label(p);
    const char *sign = cnn_skip(p + label->size, false);
    return label->size > 0 && *sign == ':' ? sign + 1 : NULL;
}

/* LABEL ":" item, from the label on; `p` is after the ":". */
static const char *labelled(reader *r, const place *at, cnn_text label, const char *p)
{
    if (cnn_is_input(label) || cnn_names_find(&r->inputs, label) != NULL) {
        return cnn_stop_words(r, CNN_E_LABEL_TAKEN, cnn_span_of(r, label), label, (cnn_text){0});
    }
    p = cnn_skip(p, false);
    place inside = *at;
    if (!cnn_nest(r, label) || !cnn_enter(r, label) ||
        !cnn_extend(r, &inside.path, label, at->number, 0)) {
        return NULL;
    }
    /* `entry`, `text` and `nest` let reuse(label) read the item again as it was read here. */
    if (at->top && at->number == 0) { /* a label of the item, not of one of its repetitions */
        if (!cnn_open_item(r, at, label, false)) {
            return NULL;
        }
        r->unit = p;
    }
    inside.number = 0;
    cnn_label made = {.entry = *at->entry, .text = p, .nest = r->nest, .first = r->to->layer_count};
    p = cnn_read_item(r, &inside, p);
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
    if (!cnn_enter(r, cnn_between(p, end)) || !cnn_open_item(r, at, (cnn_text){0}, true)) {
        return NULL;
    }
    /* A tap replaces the value in hand, so what came before it in the list would be lost. */
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
    if ((w | b | s | m) == 0) { /* relu, or all is in the other sums */
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
        (!cnn_builder_skims(to) && layers > 0)) {
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

/* The item at `p`, n times. `count` is how that is written. */
static const char *repeat(reader *r, const place *at, const char *p, int64_t n, cnn_text count)
{
    const bool checked = r->checked;
    place inside = *at;
    const char *end = p;
    inside.head = false;
    for (int64_t i = 0; i < n; i++) {
        const state was = state_of(r);
        inside.number = (int32_t)i + 1;
        end = cnn_read_item(r, &inside, p);
        if (end == NULL) {
            return NULL;
        }
        const int32_t layers = r->to->layer_count - was.layers;
        /* Told before the others are read: 1000000000*conv3-64 fails at once. */
        if (layers > 0 && n - i - 1 > cnn_builder_room(r->to) / layers) {
            return cnn_stop_numbers(r, CNN_E_LAYERS_LIMIT, cnn_span_of(r, count), CNN_MAX_LAYERS,
                                    0);
        }
        if (cut(r, &was, n - i - 1)) {
            break;
        }
        r->checked = true; /* the first time has found every missing ")" */
        if (i > 0 && !cnn_read_again(r, end - p, count)) {
            return NULL;
        }
    }
    r->checked = checked;
    return end;
}

/* The same, of a count that is read: `p` is after its sign, which is `sign` bytes long. */
static const char *counted(reader *r, const place *at, cnn_computed *count, cnn_text text,
                           const char *p, size_t sign)
{
    const cnn_span sign_span = cnn_span_at(r, p - sign, p);
    p = cnn_skip(p, false);
    if (cnn_ends_item(*p)) {
        return cnn_stop(r, CNN_E_COUNT_ITEM, sign_span);
    }
    if (!cnn_nest(r, text) || !cnn_enter(r, text)) {
        return NULL;
    }
    /* Dry, the count may have no value, and the item is read once, as for a count of 0. */
    const bool doing = r->dry == 0;
    int64_t n = 0;
    if (doing && !cnn_computed_whole(count, &n)) {
        return cnn_stop_computed(r, count);
    }
    if (n < 0) {
        return cnn_stop_numbers(r, CNN_E_COUNT, cnn_span_of(r, text), n, 0);
    }
    if (n > 0) {
        p = repeat(r, at, p, n, text);
    } else {
        r->dry++;
        p = cnn_read_item(r, at, p);
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
    const cnn_text text = cnn_between(from, p);
    p = cnn_skip(p, false);
    const size_t times = cnn_see_times(p);
    if (times == 0 && *p != '*') {
        return cnn_stop(r, CNN_E_SIZE_FIRST, cnn_span_trimmed(r, from, p));
    }
    if (times > 0 && cnn_is_digit(p[times])) { /* 3x224x224 is the size of an input */
        return cnn_stop(r, CNN_E_SIZE_FIRST, cnn_span_at(r, from, p + times + 1));
    }
    const size_t sign = times > 0 ? times : 1;
    return counted(r, at, &count, text, p + sign, sign);
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
    return name < p && cnn_number_function_find((cnn_text){name, (size_t)(p - name)}) != NULL;
}

/* Whether the parentheses at the position hold a count, as in (2*n)*relu. Nearly all that do not
 * show it at once; otherwise nested groups would be read as often as they are nested. */
static bool see_count(const char *p)
{
    int32_t open = 0;
    /* A bit for each "(" that is open, the innermost lowest: whether a function precedes it, whose
     * commas are part of the count. */
    uint64_t functions = 0;
    const char *from = p;
    do {
        const char c = *p++;
        if (c == '(') {
            functions = functions << 1 | ends_function(from, p - 1);
        }
        functions >>= c == ')';
        if (cnn_in_name(c) && cnn_in_name(*p)) {
            continue; /* within a name or number */
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
    return counted(r, at, &count, cnn_between(p, end), cnn_skip(end, false) + 1, 1);
}

/* The list in the parentheses at `open`. The group begins at `from`, which may be a word before. */
static const char *group_list(reader *r, const place *at, const char *from, const char *open,
                              bool frozen)
{
    place inside = *at;
    if (!cnn_nest(r, (cnn_text){open, 1}) || !cnn_enter(r, cnn_between(from, open + 1)) ||
        !cnn_open_item(r, at, (cnn_text){0}, true) ||
        (at->number > 0 && !cnn_extend(r, &inside.path, (cnn_text){0}, at->number, 0))) {
        return NULL;
    }
    inside.number = 0;
    inside.top = false;
    inside.frozen = frozen;
    const char *p = branch_list(r, &inside, open, open);
    return p != NULL ? close_list(r, open, p) : NULL;
}

static const char *group(reader *r, const place *at, const char *p)
{
    const char *open = p;
    if (!is_closed(r, p)) {
        return NULL;
    }
    if (see_count(p)) {
        return count_by_sum(r, at, p);
    }
    return group_list(r, at, open, open, at->frozen);
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
    return open != NULL ? group_list(r, at, from, open, true) : NULL;
}

/* Reads the labelled item again with the value in hand. Its layers are made once more, in the same
 * order, and share the weights of those that they repeat. */
static bool repeat_labelled(reader *r, const place *at, cnn_label *label, cnn_text name,
                            cnn_text text)
{
    place inside = *at;
    const cnn_span span = cnn_span_of(r, text);
    const bool checked = r->checked;
    const int32_t nest = r->nest;
    /* A reuse may be inside an item that is itself read for one. */
    const cnn_node shared = r->shared, shared_end = r->shared_end;
    const cnn_span reuse = r->reuse;
    if (label->busy) {
        return cnn_stop_words(r, CNN_E_SELF, span, name, (cnn_text){0}) != NULL;
    }
    if (!cnn_extend(r, &inside.path, name, at->number, 0)) {
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
    const char *end = cnn_read_item(r, &inside, label->text);
    if (end == NULL || !cnn_read_again(r, end - label->text, text)) {
        return false;
    }
    if (r->shared != r->shared_end) { /* fewer layers than the first time */
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
    const cnn_text text = cnn_between(from, p);
    /* cnn_outline_read() reads the list again when this is set and the label was not found. */
    r->wants_layers = r->to->outline;
    const cnn_name *found = cnn_names_find(at->frame->labels, name);
    if (found == NULL || r->to->outline) {
        cnn_nearest nearest = cnn_nearest_to(name);
        cnn_names_offer(at->frame->labels, &nearest);
        return cnn_stop_words(r, CNN_E_UNKNOWN_LABEL, cnn_span_of(r, name), name, nearest.best);
    }
    if (!cnn_enter(r, text) || !cnn_open_item(r, at, (cnn_text){0}, false)) {
        return NULL;
    }
    cnn_label *label = found->value;
    if (r->item != NULL && at->top) {
        r->item->composite = r->item->composite || label->end - label->first != 1;
    }
    if (!repeat_labelled(r, at, label, name, text)) {
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
static bool add_part(reader *r, const place *at, const join *j, const char *p)
{
    cnn_attrs attrs = {0};
    attrs.value[CNN_SIZE][0] = j->parts;
    attrs.value[CNN_SIZE][1] = j->count - 1;
    p = cnn_skip(p, false);
    /* A part has no text: its place is that of the branch. */
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
    if (b == NULL || (!is_aux(j) && !cnn_extend(r, &at.path, (cnn_text){0}, 0, j->count))) {
        return NULL;
    }
    r->at = j->entry;
    b->marks = (cnn_branch){.first = r->to->layer_count, .entry = j->entry.value};
    if (j->op->splits && !add_part(r, &at, j, from + 1)) {
        return NULL;
    }
    /* Where the branch begins, which a tap at its head moves. */
    cnn_node start = r->at.value;
    at.head = true;
    at.start = &start;
    const char *p = branch_list(r, &at, open, from);
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
    if (layer == NULL || (!cnn_builder_skims(r->to) && !keep_branches(r, j, layer))) {
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
    in[0] = j->entry.shape; /* stays only for an auxiliary head */
    for (int32_t i = 0; i < j->count; i++) {
        in[first + i] = j->branches[i].out.shape;
    }
    if (!cnn_builder_add(r->to, layer, in)) {
        return false;
    }
    r->at = is_aux(j) ? j->entry : (cnn_tensor){layer->out, r->to->layer_count - 1};
    if (r->to->outline) {
        r->arena->high = before.high; /* the shapes of many branches */
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
    if (!cnn_nest(r, (cnn_text){open, 1}) || !cnn_enter(r, cnn_between(from, open + 1)) ||
        !cnn_open_item(r, at, (cnn_text){0}, true)) {
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
        return cnn_add_macro(r, at, op, &text.attrs, span) ? p : NULL;
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
    /* relu in a list of which only sums are wanted: it is one layer more, and that is all. */
    if (cnn_builder_skims(to) && cnn_op_is_idle(word->op) && cnn_builder_room(to) >= 1) {
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

/* Names come first: a label, a parameter, a named number, a definition; then the layers' words. */
static const char *read_word(reader *r, const place *at, const char *p)
{
    const cnn_text name = cnn_see_name(p);
    const char *end = p + name.size, *sign = cnn_skip(end, false);
    cnn_text label = name;
    /* Only labels have dots: "block1.conv:". */
    const char *item = *sign == ':' ? sign + 1 : *end == '.' ? see_labelled(p, &label) : NULL;
    if (item != NULL) {
        return labelled(r, at, label, item);
    }
    cnn_computed number;
    const cnn_name_kind kind = cnn_see_number(r, at, name, &number);
    if (kind != CNN_NO_NUMBER && *sign == '*') {
        return counted(r, at, &number, name, sign + 1, 1);
    }
    if (kind == CNN_PARAM) {
        return cnn_read_param(r, at, number.param, p, end);
    }
    if (kind == CNN_NAMED) {
        return cnn_stop_words(r, CNN_E_HOLDS_NUMBER, cnn_span_of(r, name), name, (cnn_text){0});
    }
    if (number.list != NULL) {
        return cnn_read_call(r, at, number.list, p, end);
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
    if (cnn_is_letter(*p) || *p == '_') {
        return read_word(r, at, p);
    }
    if (*p == '(') {
        return group(r, at, p);
    }
    cnn_text label; /* it may begin with a digit: "1: conv3-64" */
    const char *item = see_labelled(p, &label);
    if (item != NULL) {
        return labelled(r, at, label, item);
    }
    if (cnn_is_digit(*p)) {
        return count_by_int(r, at, p);
    }
    if (*p == '@') {
        return tap(r, at, p);
    }
    if (*p == ',') {
        return cnn_stop(r, CNN_E_ITEM_MISSING, cnn_span_at(r, p, p + 1));
    }
    return cnn_stop_unexpected(r, p, "a layer is expected here");
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

const char *cnn_read_item(reader *r, const place *at, const char *p)
{
    const cnn_word *word = cnn_is_letter(*p) ? cnn_known_word(p) : NULL;
    if (word == NULL) {
        return read_unit(r, at, p);
    }
    const char *end = p + word->size;
    if (CNN_LIKELY(word->bare && cnn_ends_item(*end))) {
        return r->dry > 0 || add_bare(r, at, word, cnn_span_at(r, p, end)) ? end : NULL;
    }
    return is_word(r, word, end) ? read_known(r, at, word, p, end) : read_unit(r, at, p);
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
        p = cnn_read_plain_layers(r, &at, p, &read);
        if (p == NULL) {
            return NULL;
        }
        if (!read) {
            if (*p == '\0' || *p == ')' || *p == '|') {
                *any = *any || r->to->layer_count > before;
                return p;
            }
            p = cnn_read_item(r, &at, p);
            at.head = false;
        }
        *any = true;
        p = p != NULL ? cnn_read_comma(r, p, true) : NULL;
        if (p == NULL) {
            return NULL;
        }
    }
}
