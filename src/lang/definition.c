/* Definitions, which are checked where they are written and kept as text, and layers that are short
 * for a list (macros). */
#include "lang/descent.h"

typedef cnn_reader reader;
typedef cnn_place place;

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
    cnn_text text;
    param->standard = p;
    r->dry++;
    p = cnn_bind_value(r, at, p, &ignored, &text);
    r->dry--;
    return p;
}

static const char *read_param_text(reader *r, const place *at, cnn_definition *d, const char *p)
{
    p = cnn_skip(p, true);
    const cnn_text name = cnn_see_name(p);
    if (name.size == 0) {
        return cnn_stop_unexpected(r, p, "the name of a parameter is expected here");
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
        /* Of several for one name the last one counts. */
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
            r->err->index = i;
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
    if (end != NULL && *end == ',') { /* n = 64, conv3-n on one line */
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
    p = cnn_skip(cnn_skip(p, false) + 1, true); /* past the "=" */
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
    p = cnn_read_body(r, &inside, d, p);
    r->dry--;
    r->defining = NULL;
    d->end = p;
    return p;
}

const char *cnn_define(reader *r, const place *at, const char *p)
{
    const cnn_text name = cnn_see_name(p);
    if (cnn_is_input(name)) {
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
    entry->number = d->is_number;
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

CNN_APART bool cnn_add_macro(reader *r, const place *at, const cnn_op *op, const cnn_attrs *attrs,
                             cnn_span span)
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
    if (!cnn_expand(r, at, d, bindings, (cnn_text){d->body, 0})) {
        return false;
    }
    r->built_in = false;
    return true;
}
