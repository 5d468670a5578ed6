/* Layers of frameworks from their rows: finding one by its name, and binding its arguments. */
#include "paste/flow.h"

bool cnn_row_matches(const char *patterns, cnn_text name, int32_t *axes)
{
    cnn_text rest = cnn_text_of(patterns);
    while (rest.size > 0) {
        const cnn_text pattern = cnn_text_split(&rest, '|');
        int32_t found = 2;
        bool same = pattern.size == name.size;
        for (size_t i = 0; same && i < name.size; i++) {
            const bool digit = name.data[i] >= '1' && name.data[i] <= '3';
            found = pattern.data[i] == '#' && digit ? name.data[i] - '0' : found;
            same = pattern.data[i] == '#' ? digit : pattern.data[i] == name.data[i];
        }
        if (same) {
            *axes = found;
            return true;
        }
    }
    return false;
}

const cnn_framework_row *cnn_row_find(const cnn_framework_rows *rows, cnn_text name, int32_t *axes)
{
    for (; rows != NULL; rows = rows->more) {
        for (size_t i = 0; i < rows->count; i++) {
            if (cnn_row_matches(rows->rows[i].name, name, axes)) {
                return &rows->rows[i];
            }
        }
    }
    return NULL;
}

/* The next argument of a row: its names and its default. */
static bool next_argument(cnn_text *rest, cnn_text *names, cnn_text *standard)
{
    *rest = cnn_text_trim(*rest);
    if (rest->size == 0) {
        return false;
    }
    *standard = cnn_text_split(rest, ' ');
    *names = cnn_text_split(standard, '=');
    return true;
}

static bool is_among(cnn_text names, cnn_text name)
{
    while (names.size > 0) {
        if (cnn_words_equal(cnn_text_split(&names, '|'), name)) {
            return true;
        }
    }
    return false;
}

/* The place of an argument in its row; -1: the row has none of that name. */
static int32_t index_of(const cnn_framework_row *row, cnn_text name)
{
    cnn_text rest = cnn_text_of(row->args), names, standard;
    for (int32_t i = 0; next_argument(&rest, &names, &standard); i++) {
        if (is_among(names, name)) {
            return i;
        }
    }
    return -1;
}

bool cnn_row_takes(const cnn_framework_row *row, cnn_text name)
{
    return index_of(row, name) >= 0;
}

/* A word of the row as a value. Only whole numbers become numbers: 0.5 and 1e-05 stay strings,
 * because no size depends on them. */
static cnn_py default_of(cnn_text standard)
{
    cnn_py constant;
    if (cnn_py_constant(standard, &constant)) {
        return constant;
    }
    const bool negative = standard.size > 1 && standard.data[0] == '-';
    int64_t number = 0;
    for (size_t i = negative; i < standard.size; i++) {
        if (!cnn_is_digit(standard.data[i])) {
            return (cnn_py){.kind = CNN_PY_STRING, .text = standard};
        }
        number = number * 10 + (standard.data[i] - '0');
    }
    return cnn_py_int(negative ? -number : number, (cnn_span){0, 0});
}

/* Fills what was not given, with the value of another argument where the default names one. */
static bool fill_defaults(cnn_paster *p, cnn_module *m, const cnn_arguments *args)
{
    cnn_text rest = cnn_text_of(m->row->args), names, standard;
    for (int32_t i = 0; next_argument(&rest, &names, &standard); i++) {
        if ((m->given >> i & 1) != 0) {
            continue;
        }
        if (standard.size == 0) {
            const cnn_text first = cnn_text_split(&names, '|');
            const cnn_span span = args->call->span;
            return cnn_paste_fail(p, CNN_E_PASTE_MISSING, span, cnn_module_kind(p, m), first);
        }
        /* stride=kernel_size: the other argument comes earlier in the row, so it already has its
         * value. */
        const int32_t other = index_of(m->row, standard);
        m->args[i] = other >= 0 ? m->args[other] : default_of(standard);
        m->places[i] = other >= 0 ? m->places[other] : NULL;
    }
    return true;
}

/* Arguments that have no influence on sizes or counts, of any layer. */
static bool is_idle(cnn_text name)
{
    static const char *const idle[] = {"inplace",
                                       "device",
                                       "dtype",
                                       "kernel_initializer",
                                       "bias_initializer",
                                       "kernel_regularizer",
                                       "bias_regularizer",
                                       "activity_regularizer",
                                       "kernel_constraint",
                                       "bias_constraint",
                                       "trainable",
                                       "depthwise_initializer",
                                       "pointwise_initializer",
                                       "depthwise_regularizer",
                                       "pointwise_regularizer",
                                       "init",
                                       "W_regularizer",
                                       "b_regularizer",
                                       "W_constraint",
                                       "b_constraint",
                                       "beta_init",
                                       "gamma_init",
                                       "beta_regularizer",
                                       "gamma_regularizer",
                                       "beta_constraint",
                                       "gamma_constraint",
                                       "alpha_regularizer",
                                       "alpha_constraint",
                                       "data_format",
                                       "dim_ordering",
                                       "seed",
                                       "depthwise_constraint",
                                       "pointwise_constraint",
                                       "noise_shape",
                                       "weights",
                                       "batch_size",
                                       "sparse",
                                       "ragged",
                                       "momentum",
                                       "epsilon",
                                       "eps",
                                       "beta_initializer",
                                       "gamma_initializer",
                                       "moving_mean_initializer",
                                       "moving_variance_initializer",
                                       "renorm",
                                       "fused",
                                       "synchronized",
                                       "alpha_initializer",
                                       "generator",
                                       "training",
                                       "recompute_scale_factor",
                                       "antialias",
                                       "divisor_override"};
    for (size_t i = 0; i < CNN_LENGTH(idle); i++) {
        if (cnn_word_is(name, idle[i])) {
            return true;
        }
    }
    return false;
}

/* What every layer of Keras takes besides. */
static bool take_common(cnn_paster *p, cnn_module *m, const cnn_argument *arg, bool *taken)
{
    static const char *const shapes[] = {"input_shape", "batch_input_shape", "input_dim",
                                         "batch_shape", "input_length"};
    *taken = is_idle(arg->name);
    if (cnn_word_is(arg->name, "name")) {
        m->title = arg->value.text;
        *taken = true;
    }
    /* Kept as members where the row lacks them: those of the first layer give the input. */
    for (size_t i = 0; i < CNN_LENGTH(shapes) && !*taken; i++) {
        if (cnn_word_is(arg->name, shapes[i])) {
            *taken = true;
            return cnn_member_set(p, m, arg->name, &arg->value);
        }
    }
    return true;
}

/* Puts an argument into its place in the row: a named one by its name, the others in order. What no
 * layer needs is dropped; a name that the row lacks is an error. */
static bool bind(cnn_paster *p, cnn_module *m, const cnn_argument *arg, int32_t *position)
{
    const bool named = arg->name.size > 0;
    int32_t i = named ? index_of(m->row, arg->name) : (*position)++;
    cnn_text rest = cnn_text_of(m->row->args), names, standard;
    int32_t count = 0;
    while (next_argument(&rest, &names, &standard)) {
        count++;
    }
    bool taken = false;
    if (named && i < 0 && !take_common(p, m, arg, &taken)) {
        return false;
    }
    if (taken) {
        return true;
    }
    if (i < 0 || i >= count) {
        const cnn_span span = arg->node != NULL ? arg->node->span : cnn_module_span(m);
        return cnn_paste_fail(p, CNN_E_PASTE_ARGUMENT, span, cnn_module_kind(p, m),
                              named ? arg->name : cnn_text_part(p->text, span));
    }
    m->args[i] = arg->value;
    m->places[i] = arg->node;
    m->given |= 1u << i;
    return true;
}

bool cnn_row_make(cnn_paster *p, const cnn_framework_row *row, int32_t axes, cnn_text name,
                  const cnn_arguments *args, cnn_module **out)
{
    if (row->refused) {
        return cnn_paste_refuse(p, args->call->a != NULL ? args->call->a->span : args->call->span,
                                name, row->brief);
    }
    cnn_module *m = cnn_module_new(p, args->call);
    *out = m;
    if (m == NULL) {
        return false;
    }
    m->row = row;
    m->axes = axes;
    m->kind = name;
    m->args = cnn_paste_take(p, CNN_PASTE_ARGS, sizeof *m->args);
    m->places = cnn_paste_take(p, CNN_PASTE_ARGS, sizeof(const cnn_py_node *));
    if (m->args == NULL || m->places == NULL) {
        return false;
    }
    int32_t position = 0;
    for (int32_t i = 0; i < args->count; i++) {
        if (!bind(p, m, &args->at[i], &position)) {
            return false;
        }
    }
    return fill_defaults(p, m, args);
}

/* ---- arguments of a layer that was made ---- */

const cnn_py *cnn_arg_named(const cnn_module *m, cnn_text name)
{
    const int32_t i = index_of(m->row, name);
    return i < 0 ? NULL : &m->args[i];
}

const cnn_py *cnn_arg(const cnn_module *m, const char *name)
{
    return cnn_arg_named(m, cnn_text_of(name));
}

const cnn_py_node *cnn_arg_place(const cnn_module *m, const char *name)
{
    const int32_t i = index_of(m->row, cnn_text_of(name));
    return i < 0 ? NULL : m->places[i];
}

cnn_span cnn_module_span(const cnn_module *m)
{
    return m->call != NULL ? m->call->span : (cnn_span){0, 0};
}

cnn_text cnn_module_kind(const cnn_paster *p, const cnn_module *m)
{
    (void)p;
    const cnn_text kind = m->called.size > 0 ? m->called : m->kind;
    return kind.size > 0 ? kind : m->type != NULL ? m->type->node->text : cnn_text_of("");
}

bool cnn_whole(cnn_paster *p, const cnn_py *value, const cnn_py_node *node, cnn_text what,
               int64_t *out)
{
    const cnn_span span = node != NULL ? node->span : value->origin;
    switch (value->kind) {
    case CNN_PY_INT:
    case CNN_PY_BOOL:
        /* True is 1, as in Python. */
        *out = value->number;
        return true;
    case CNN_PY_FLOAT:
        return cnn_paste_fail(p, CNN_E_PASTE_FLOAT, span, what, (cnn_text){0});
    case CNN_PY_NAME:
        return cnn_paste_fail(p, CNN_E_PASTE_NAME, value->origin,
                              cnn_text_part(p->text, value->origin), (cnn_text){0});
    case CNN_PY_OPAQUE: /* what a call gave, or data without a name */
        return value->origin.end > 0
                   ? cnn_paste_fail(p, CNN_E_PASTE_NAME, span, value->text, (cnn_text){0})
                   : cnn_not_followed(p, span);
    default:
        return cnn_paste_fail(p, CNN_E_PASTE_NUMBER, span, what, (cnn_text){0});
    }
}

/* The row must have an argument of that name, here and in the next two functions: unlike in
 * cnn_arg, the index is not checked. */
bool cnn_arg_int(cnn_paster *p, const cnn_module *m, const char *name, int64_t *out)
{
    const int32_t i = index_of(m->row, cnn_text_of(name));
    const cnn_py_node *place = m->places[i] != NULL ? m->places[i] : m->call;
    return cnn_whole(p, &m->args[i], place, cnn_module_kind(p, m), out);
}

/* One number for all axes, or one for each. */
bool cnn_arg_sides(cnn_paster *p, const cnn_module *m, const char *name, int64_t *out)
{
    const int32_t i = index_of(m->row, cnn_text_of(name));
    const cnn_py *value = &m->args[i];
    const cnn_py_node *place = m->places[i] != NULL ? m->places[i] : m->call;
    const bool list = cnn_py_is_list(value);
    if (list && value->items->count != m->axes) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_SIDES, place->span, value->items->count,
                                m->axes);
    }
    for (int32_t axis = 0; axis < m->axes; axis++) {
        const cnn_py *one = list ? &value->items->at[axis] : value;
        if (!cnn_whole(p, one, place, cnn_module_kind(p, m), &out[axis])) {
            return false;
        }
    }
    return true;
}

bool cnn_arg_true(cnn_paster *p, const cnn_module *m, const char *name, bool *out)
{
    const int32_t i = index_of(m->row, cnn_text_of(name));
    return cnn_py_truth(p, m->places[i] != NULL ? m->places[i] : m->call, &m->args[i], out);
}
