/* Calls of definitions: their arguments are bound, and the text of the definition is read again. A
 * parameter that holds layers reads the text of its argument, where that was written. */
#include "lang/descent.h"

typedef cnn_reader reader;
typedef cnn_place place;

enum { FEW_PARAMS = 6 };

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
                               cnn_text *text)
{
    const char *end;
    if (r->checked) { /* read before, so that looking for its end is enough */
        end = cnn_see_end(p, ',');
        if (!cnn_read_again(r, end - p, (cnn_text){p, 1})) {
            return NULL;
        }
    } else {
        place inside = *at;
        inside.top = false;
        r->dry++;
        end = cnn_read_item(r, &inside, p);
        r->dry--;
        if (end == NULL) {
            return NULL;
        }
    }
    *text = cnn_between(p, end);
    /* Names in it mean what they mean here, and so do c, h and w. */
    *out = (cnn_binding){CNN_BOUND_LAYERS, r->nest, {0, 1}, p, at->frame, at->entry};
    return cnn_skip(end, true);
}

const char *cnn_bind_value(reader *r, const place *at, const char *p, cnn_binding *out,
                           cnn_text *text)
{
    p = cnn_skip(p, true);
    if (*p == ')') {
        return cnn_stop_unexpected(r, p, "a number or a layer is expected here");
    }
    int64_t n;
    const char *digits = cnn_read_plain_int(p, &n);
    if (digits != NULL && (*digits == ',' || *digits == ')')) {
        *text = cnn_between(p, digits);
        *out = (cnn_binding){.kind = CNN_BOUND_NUMBER, .number = {n, 1}};
        return digits;
    }
    cnn_computed number;
    const int32_t nest = r->nest;
    r->trial++; /* what is no number is not an error yet, except for one that does not fit */
    const char *end = cnn_read_expr(r, at, p, &number);
    const char *next = end != NULL ? cnn_skip(end, true) : NULL;
    if (r->err->code != CNN_OK) {
        return NULL;
    }
    r->trial--;
    r->nest = nest;
    if (next == NULL || (*next != ',' && *next != ')')) {
        return bind_layers(r, at, p, out, text);
    }
    *text = cnn_between(p, end);
    *out = (cnn_binding){.kind = CNN_BOUND_NUMBER, .number = number.n};
    if (r->dry > 0) {
        return next; /* the value does not matter */
    }
    if (number.param >= 0) { /* f(x) inside g(x): layers are passed on, too */
        *out = at->frame->bindings[number.param];
    } else if (number.code != CNN_OK) {
        return cnn_stop_computed(r, &number);
    }
    return next;
}

static cnn_span trimmed(const reader *r, cnn_text text)
{
    return cnn_span_trimmed(r, text.data, text.data + text.size);
}

/* The parameter that an argument is for. `name` is empty: it is the one at this position. */
static bool find_param(reader *r, const call *c, cnn_text name, cnn_text text, int32_t *index)
{
    const cnn_definition *d = c->definition;
    if (name.size == 0 && *index >= d->param_count) {
        if (r->trial == 0) {
            r->err->number[0] = d->param_count;
        }
        return cnn_stop_words(r, CNN_E_ARG_SURPLUS, trimmed(r, text), d->name, (cnn_text){0}) !=
               NULL;
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
        return cnn_stop_words(r, CNN_E_ARG_TWICE, trimmed(r, text), d->name,
                              d->params[*index].name) != NULL;
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
        cnn_text text;
        int32_t index = i;
        if (*p == '\0') {
            return cnn_stop(r, CNN_E_PAREN_OPEN, open);
        }
        const cnn_text name = read_arg_name(&p);
        p = cnn_bind_value(r, c->at, p, &value, &text);
        if (p == NULL || !find_param(r, c, name, text, &index)) {
            return NULL;
        }
        if (named && name.size == 0) {
            return cnn_stop(r, CNN_E_ARG_ORDER, trimmed(r, text));
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
        cnn_text text;
        if (bindings[i].kind == CNN_UNBOUND &&
            cnn_bind_value(r, inside, d->params[i].standard, &bindings[i], &text) == NULL) {
            return false;
        }
    }
    return true;
}

const char *cnn_read_body(reader *r, place *at, const cnn_definition *d, const char *p)
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
        p = cnn_read_plain_layers(r, at, p, &read);
        p = p != NULL && !read ? cnn_read_item(r, at, p) : p;
        if (p == NULL) {
            return NULL;
        }
        at->head = false;
        const char *next = cnn_skip(p, false);
        if (*next != ',') {
            return next; /* a line end that no comma precedes ends the definition */
        }
        comma = next;
        p = next + 1;
    }
}

bool cnn_expand(reader *r, const place *at, const cnn_definition *d, cnn_binding *bindings,
                cnn_text text)
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
    if (!cnn_read_again(r, d->end - d->body, text) || !cnn_enter(r, text) ||
        !cnn_open_item(r, at, (cnn_text){0}, true) ||
        !cnn_extend(r, &inside.path, d->name, at->number, 0)) {
        return false;
    }
    r->checked = true; /* where the definition is written all of it was */
    r->nest = 1;       /* the defaults are in parentheses */
    if (!bind_defaults(r, &inside, bindings)) {
        return false;
    }
    r->nest = 0;
    if (cnn_read_body(r, &inside, d, d->body) == NULL) {
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

const char *cnn_read_call(reader *r, const place *at, const cnn_definition *d, const char *from,
                          const char *p)
{
    call c;
    c.definition = d;
    c.at = at;
    c.from = from;
    c.bindings = c.few;
    const cnn_arena before = *r->arena;
    const int32_t lasting = r->lasting;
    for (int32_t i = 0; i < d->param_count && i < FEW_PARAMS; i++) {
        c.few[i].kind = CNN_UNBOUND;
    }
    if (d->param_count > FEW_PARAMS) {
        c.bindings = CNN_NEW_ARRAY(r->arena, cnn_binding, d->param_count);
        if (c.bindings == NULL) {
            return cnn_stop_memory(r);
        }
        /* Counted as bytes: many calls with many parameters may not take long either. */
        if (!cnn_read_again(r, (int64_t)sizeof(cnn_binding) * d->param_count,
                            cnn_between(from, p))) {
            return NULL;
        }
    }
    const char *open = cnn_skip(p, false);
    if (*open == '(') {
        if (!cnn_nest(r, (cnn_text){open, 1})) {
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
    if (r->dry == 0 && !cnn_expand(r, at, d, c.bindings, cnn_between(from, p))) {
        return NULL;
    }
    if (r->dry > 0 || (r->to->outline && r->lasting == lasting)) {
        r->arena->high = before.high;
    }
    return p;
}

const char *cnn_read_param(reader *r, const place *at, int32_t index, const char *from,
                           const char *p)
{
    if (r->dry > 0) {
        return p;
    }
    const cnn_binding *binding = &at->frame->bindings[index];
    const cnn_text text = cnn_between(from, p);
    if (binding->kind != CNN_BOUND_LAYERS) {
        return cnn_stop_words(r, CNN_E_HOLDS_NUMBER, cnn_span_of(r, text),
                              at->frame->definition->params[index].name, (cnn_text){0});
    }
    if (!cnn_enter(r, text)) {
        return NULL;
    }
    place inside = *at;
    const int32_t nest = r->nest;
    const bool checked = r->checked;
    /* As where the argument is written. */
    inside.frame = binding->frame;
    inside.entry = binding->entry;
    r->nest = binding->nest;
    r->checked = true;
    const char *end = cnn_read_item(r, &inside, binding->text);
    if (end == NULL || !cnn_read_again(r, end - binding->text, text)) {
        return NULL;
    }
    r->nest = nest;
    r->checked = checked;
    r->depth--;
    return p;
}
