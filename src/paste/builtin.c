/* Functions and methods of Python itself that code of networks uses. */
#include "paste/paste.h"

#include "base/checked.h"

typedef bool function(cnn_paster *p, cnn_arguments *args, cnn_py *out);

static bool wrong(cnn_paster *p, const cnn_arguments *args)
{
    return cnn_paste_fail(p, CNN_E_PASTE_NOT_FOLLOWED, args->call->span,
                          cnn_text_part(p->text, args->call->span), (cnn_text){0});
}

static const cnn_py *value_of(const cnn_arguments *args, int32_t i)
{
    return i < args->count ? &args->at[i].value : NULL;
}

static bool number_at(cnn_paster *p, const cnn_arguments *args, int32_t i, int64_t *out)
{
    return cnn_whole(p, value_of(args, i), args->at[i].node, cnn_text_of("this call"), out);
}

static bool call_range(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    int64_t number[3] = {0, 0, 1};
    if (args->count < 1 || args->count > 3) {
        return wrong(p, args);
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (!number_at(p, args, i, &number[i])) {
            return false;
        }
    }
    if (args->count == 1) {
        number[1] = number[0];
        number[0] = 0;
    }
    if (number[2] == 0 || !cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return number[2] != 0 ? false : wrong(p, args);
    }
    for (int64_t i = number[0]; number[2] > 0 ? i < number[1] : i > number[1]; i += number[2]) {
        const cnn_py item = cnn_py_int(i, args->call->span);
        if (!cnn_paste_step(p, 1) || !cnn_py_append(p, out->items, &item)) {
            return false;
        }
    }
    return true;
}

static bool call_len(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = value_of(args, 0);
    cnn_items *items;
    if (value == NULL) {
        return wrong(p, args);
    }
    if (value->kind == CNN_PY_INT) {
        *out = *value; /* -D classes=10, for len(classes) */
        return true;
    }
    if (value->kind == CNN_PY_TENSOR) {
        *out = (cnn_py){.kind = CNN_PY_BATCH};
        return true;
    }
    if (value->kind == CNN_PY_OPAQUE) {
        *out = (cnn_py){.kind = CNN_PY_NAME, .text = value->text, .origin = args->call->span};
        return true;
    }
    if (value->kind == CNN_PY_NAME) {
        *out = (cnn_py){.kind = CNN_PY_NAME, .text = value->text, .origin = value->origin};
        return true;
    }
    if (!cnn_sequence(p, args->call, value, &items)) {
        return false;
    }
    *out = cnn_py_int(items->count, args->call->span);
    return true;
}

static bool copy_as(cnn_paster *p, cnn_arguments *args, cnn_py_kind kind, cnn_py *out)
{
    cnn_items *items;
    if (!cnn_py_items(p, kind, 0, out) || args->count == 0) {
        return p->err->code == CNN_OK;
    }
    if (args->at[0].value.kind == CNN_PY_OPAQUE) {
        *out = args->at[0].value;
        return true;
    }
    if (!cnn_sequence(p, args->call, &args->at[0].value, &items)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        if (!cnn_paste_step(p, 1) || !cnn_py_append(p, out->items, &items->at[i])) {
            return false;
        }
    }
    return true;
}

static bool call_list(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return copy_as(p, args, CNN_PY_LIST, out);
}

static bool call_tuple(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return copy_as(p, args, CNN_PY_TUPLE, out);
}

static bool call_reversed(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (!call_list(p, args, out)) {
        return false;
    }
    cnn_items *items = out->kind == CNN_PY_LIST ? out->items : &(cnn_items){0};
    for (int32_t i = 0; i < items->count / 2; i++) {
        const cnn_py other = items->at[i];
        items->at[i] = items->at[items->count - 1 - i];
        items->at[items->count - 1 - i] = other;
    }
    return true;
}

/* dict(a=1), OrderedDict([("a", x)]) */
static bool call_dict(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_DICT, 0, out)) {
        return false;
    }
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        const cnn_py key = {.kind = CNN_PY_STRING, .text = arg->name};
        cnn_items *items = NULL;
        if (arg->name.size > 0) {
            if (!cnn_py_append(p, out->items, &key) || !cnn_py_append(p, out->items, &arg->value)) {
                return false;
            }
            continue;
        }
        if (arg->value.kind == CNN_PY_DICT) {
            *out = arg->value;
            continue;
        }
        if (!cnn_sequence(p, args->call, &arg->value, &items)) {
            return false;
        }
        for (int32_t k = 0; k < items->count; k++) {
            const cnn_py *pair = &items->at[k];
            if ((pair->kind != CNN_PY_TUPLE && pair->kind != CNN_PY_LIST) ||
                pair->items->count != 2) {
                return wrong(p, args);
            }
            if (!cnn_py_append(p, out->items, &pair->items->at[0]) ||
                !cnn_py_append(p, out->items, &pair->items->at[1])) {
                return false;
            }
        }
    }
    return true;
}

static bool tuple_of(cnn_paster *p, const cnn_py *values, int32_t count, cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_TUPLE, count, out)) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        out->items->at[out->items->count++] = values[i];
    }
    return true;
}

static bool call_enumerate(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items *items;
    int64_t first = 0;
    if (args->count < 1 || !cnn_sequence(p, args->call, &args->at[0].value, &items)) {
        return args->count < 1 ? wrong(p, args) : false;
    }
    if ((args->count > 1 && !number_at(p, args, 1, &first)) ||
        !cnn_py_items(p, CNN_PY_LIST, items->count, out)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        const cnn_py pair[] = {cnn_py_int(first + i, args->call->span), items->at[i]};
        if (!cnn_paste_step(p, 1) || !tuple_of(p, pair, 2, &out->items->at[out->items->count++])) {
            return false;
        }
    }
    return true;
}

static bool call_zip(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items *lists[8];
    int32_t count = INT32_MAX;
    if (args->count < 1 || args->count > 8) {
        return wrong(p, args);
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (!cnn_sequence(p, args->call, &args->at[i].value, &lists[i])) {
            return false;
        }
        count = lists[i]->count < count ? lists[i]->count : count;
    }
    if (!cnn_py_items(p, CNN_PY_LIST, count, out)) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        cnn_py values[8];
        for (int32_t k = 0; k < args->count; k++) {
            values[k] = lists[k]->at[i];
        }
        if (!cnn_paste_step(p, 1) ||
            !tuple_of(p, values, args->count, &out->items->at[out->items->count++])) {
            return false;
        }
    }
    return true;
}

/* int() cuts off, round() rounds halves to the even number. */
static bool whole(cnn_paster *p, cnn_arguments *args, bool rounds, cnn_py *out)
{
    const cnn_py *value = value_of(args, 0);
    if (value == NULL) {
        return wrong(p, args);
    }
    *out = *value;
    if (value->kind == CNN_PY_BATCH || value->kind == CNN_PY_NAME || value->kind == CNN_PY_OPAQUE ||
        value->kind == CNN_PY_INT) {
        return true;
    }
    if (value->kind == CNN_PY_BOOL) {
        out->kind = CNN_PY_INT;
        return true;
    }
    if (value->kind != CNN_PY_FLOAT || value->real > 9e15 || value->real < -9e15) {
        return wrong(p, args);
    }
    int64_t n = (int64_t)value->real;
    if (rounds) {
        n -= (double)n > value->real;
        const double rest = value->real - (double)n;
        n += rest > 0.5 || (rest - 0.5 == 0 && n % 2 != 0);
    }
    *out = cnn_py_int(n, args->call->span);
    return true;
}

static bool call_int(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return whole(p, args, false, out);
}

static bool call_round(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return whole(p, args, true, out);
}

/* math.floor and math.ceil */
static bool call_floor(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = value_of(args, 0);
    if (!call_int(p, args, out)) {
        return false;
    }
    if (value->kind == CNN_PY_FLOAT) {
        out->number -= (double)out->number > value->real;
    }
    return true;
}

static bool call_ceil(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = value_of(args, 0);
    if (!call_int(p, args, out)) {
        return false;
    }
    if (value->kind == CNN_PY_FLOAT) {
        out->number += (double)out->number < value->real;
    }
    return true;
}

static bool call_float(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = value_of(args, 0);
    if (value == NULL) {
        return wrong(p, args);
    }
    *out = *value;
    if (value->kind == CNN_PY_INT) {
        out->kind = CNN_PY_FLOAT;
        out->real = (double)value->number;
    }
    return true;
}

/* The arguments, or the elements of the only one. */
static bool several(cnn_paster *p, cnn_arguments *args, cnn_items *all)
{
    if (args->count == 1 && args->at[0].value.kind != CNN_PY_INT) {
        cnn_items *items;
        if (!cnn_sequence(p, args->call, &args->at[0].value, &items)) {
            return false;
        }
        *all = *items;
        return true;
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (!cnn_py_append(p, all, &args->at[i].value)) {
            return false;
        }
    }
    return true;
}

static bool extreme(cnn_paster *p, cnn_arguments *args, uint8_t op, cnn_py *out)
{
    cnn_items all = {0};
    if (!several(p, args, &all) || all.count == 0) {
        return p->err->code == CNN_OK ? wrong(p, args) : false;
    }
    *out = all.at[0];
    for (int32_t i = 1; i < all.count; i++) {
        cnn_py better;
        const cnn_py_node node = {.op = op, .span = args->call->span};
        if (!cnn_compare(p, &node, &all.at[i], out, &better)) {
            return false;
        }
        if (better.kind != CNN_PY_BOOL) {
            return wrong(p, args);
        }
        *out = better.number != 0 ? all.at[i] : *out;
    }
    return true;
}

static bool call_max(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return extreme(p, args, '>', out);
}

static bool call_min(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return extreme(p, args, '<', out);
}

static bool fold(cnn_paster *p, cnn_arguments *args, uint8_t op, int64_t start, cnn_py *out)
{
    cnn_items *items;
    if (args->count < 1 || !cnn_sequence(p, args->call, &args->at[0].value, &items)) {
        return args->count < 1 ? wrong(p, args) : false;
    }
    const cnn_py_node node = {.op = op, .span = args->call->span};
    *out = cnn_py_int(start, args->call->span);
    for (int32_t i = 0; i < items->count; i++) {
        const cnn_py before = *out;
        if (!cnn_paste_step(p, 1) || !cnn_operate(p, &node, &before, &items->at[i], out)) {
            return false;
        }
    }
    return true;
}

static bool call_sum(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return fold(p, args, '+', 0, out);
}

static bool call_prod(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return fold(p, args, '*', 1, out);
}

static bool call_abs(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = value_of(args, 0);
    if (value == NULL || value->kind != CNN_PY_INT || value->number == INT64_MIN) {
        return wrong(p, args);
    }
    *out = cnn_py_int(value->number < 0 ? -value->number : value->number, args->call->span);
    return true;
}

static bool call_super_object(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    (void)args;
    const cnn_frame *frame = p->frame;
    while (frame != NULL && frame->self == NULL) {
        frame = frame->outer;
    }
    *out = (cnn_py){.kind = CNN_PY_SUPER};
    if (frame != NULL) {
        out->type = frame->type;
        out->self = frame->self;
    }
    return true;
}

/* Classes of the text and the kinds of Python; of layers the framework's own name. */
static bool is_instance(cnn_paster *p, const cnn_py *value, const cnn_py *type, bool *out)
{
    static const struct {
        const char *word;
        cnn_py_kind kind;
    } words[] = {{"int", CNN_PY_INT},   {"float", CNN_PY_FLOAT}, {"str", CNN_PY_STRING},
                 {"list", CNN_PY_LIST}, {"tuple", CNN_PY_TUPLE}, {"dict", CNN_PY_DICT},
                 {"bool", CNN_PY_BOOL}};
    if (type->kind == CNN_PY_TUPLE) {
        *out = false;
        for (int32_t i = 0; i < type->items->count && !*out; i++) {
            if (!is_instance(p, value, &type->items->at[i], out)) {
                return false;
            }
        }
        return true;
    }
    for (size_t i = 0; type->kind == CNN_PY_NAME && i < CNN_LENGTH(words); i++) {
        if (cnn_word_is(type->text, words[i].word)) {
            *out = value->kind == words[i].kind;
            return true;
        }
    }
    *out = false;
    if (value->kind == CNN_PY_MODULE && type->kind == CNN_PY_NAME) {
        *out = cnn_words_equal(cnn_module_kind(p, value->module), type->text) ||
               cnn_word_is(type->text, "Module");
    }
    for (const cnn_class *t = value->kind == CNN_PY_MODULE ? value->module->type : NULL;
         t != NULL && type->kind == CNN_PY_CLASS; t = t->base) {
        *out |= t == type->type;
    }
    return true;
}

static bool call_isinstance(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    bool truth;
    if (args->count != 2 || !is_instance(p, &args->at[0].value, &args->at[1].value, &truth)) {
        return wrong(p, args);
    }
    *out = cnn_py_bool(truth);
    return true;
}

/* functools.partial(nn.Conv2d, kernel_size=3) */
static bool call_partial(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (args->count < 1 || !cnn_py_items(p, CNN_PY_PARTIAL, 0, out)) {
        return args->count < 1 ? wrong(p, args) : false;
    }
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_py name = {.kind = CNN_PY_STRING, .text = args->at[i].name};
        if ((i > 0 && !cnn_py_append(p, out->items, &name)) ||
            !cnn_py_append(p, out->items, &args->at[i].value)) {
            return false;
        }
    }
    return true;
}

/* Only to be compared with other names. */
static bool call_type(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = value_of(args, 0);
    if (value == NULL) {
        return wrong(p, args);
    }
    *out = cnn_py_opaque("type");
    if (value->kind == CNN_PY_MODULE && value->module->type != NULL) {
        *out = (cnn_py){.kind = CNN_PY_CLASS, .type = value->module->type};
    } else if (value->kind == CNN_PY_NAME || value->kind == CNN_PY_MODULE) {
        *out = (cnn_py){.kind = CNN_PY_NAME, .origin = args->call->span};
        out->text =
            value->kind == CNN_PY_NAME ? cnn_text_of("type") : cnn_module_kind(p, value->module);
    } else if (value->kind == CNN_PY_PARTIAL) {
        *out = (cnn_py){.kind = CNN_PY_NAME, .text = cnn_text_of("partial")};
    }
    return true;
}

static bool call_getattr(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (args->count < 2 || args->at[1].value.kind != CNN_PY_STRING) {
        return wrong(p, args);
    }
    const cnn_py_node node = {.text = args->at[1].value.text, .span = args->call->span};
    return cnn_attribute(p, &node, &args->at[0].value, out);
}

static bool call_setattr(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    *out = cnn_py_none();
    if (args->count != 3 || args->at[0].value.kind != CNN_PY_MODULE ||
        args->at[1].value.kind != CNN_PY_STRING) {
        return wrong(p, args);
    }
    return cnn_member_set(p, args->at[0].value.module, args->at[1].value.text, &args->at[2].value);
}

static bool call_str(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = value_of(args, 0);
    *out = (cnn_py){.kind = CNN_PY_STRING};
    if (value != NULL && value->kind == CNN_PY_INT) {
        out->text = cnn_paste_digits(p, value->number);
    } else if (value != NULL && value->kind == CNN_PY_STRING) {
        *out = *value;
    }
    return p->err->code == CNN_OK;
}

static bool call_print(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    (void)p;
    (void)args;
    *out = cnn_py_opaque("nothing");
    return true;
}

static bool follows_data(function *call)
{
    return call == call_list || call == call_tuple || call == call_reversed ||
           call == call_enumerate || call == call_zip || call == call_sum || call == call_prod ||
           call == call_max || call == call_min || call == call_abs;
}

bool cnn_builtin(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found, cnn_py *out)
{
    static const struct {
        const char *name;
        function *call;
    } functions[] = {{"range", call_range},
                     {"len", call_len},
                     {"list", call_list},
                     {"tuple", call_tuple},
                     {"reversed", call_reversed},
                     {"dict", call_dict},
                     {"OrderedDict", call_dict},
                     {"enumerate", call_enumerate},
                     {"zip", call_zip},
                     {"int", call_int},
                     {"round", call_round},
                     {"floor", call_floor},
                     {"ceil", call_ceil},
                     {"float", call_float},
                     {"max", call_max},
                     {"min", call_min},
                     {"sum", call_sum},
                     {"prod", call_prod},
                     {"abs", call_abs},
                     {"super", call_super_object},
                     {"isinstance", call_isinstance},
                     {"getattr", call_getattr},
                     {"setattr", call_setattr},
                     {"str", call_str},
                     {"partial", call_partial},
                     {"type", call_type},
                     {"print", call_print}};
    const cnn_py *first = value_of(args, 0);
    const bool tensor = first != NULL && first->kind == CNN_PY_TENSOR;
    const bool opaque = first != NULL && first->kind == CNN_PY_OPAQUE;
    for (size_t i = 0; i < CNN_LENGTH(functions); i++) {
        if (cnn_word_is(name, functions[i].name) &&
            (!tensor || functions[i].call == call_len || functions[i].call == call_isinstance ||
             functions[i].call == call_print || functions[i].call == call_getattr)) {
            *found = true;
            if (opaque && follows_data(functions[i].call)) {
                *out = *first; /* what is made of data is data */
                return true;
            }
            return functions[i].call(p, args, out);
        }
    }
    *found = false;
    return true;
}
