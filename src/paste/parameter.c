/*
 * nn.Parameter: numbers that are learnt, without a layer. One is a value of known sizes,
 * CNN_PY_SAMPLES, whose `self` is a module, so that it has a name and is counted once. Multiplied
 * with a tensor it becomes a scale, added to one a bias, if it has a number for each channel.
 */
#include "base/checked.h"
#include "paste/flow.h"

static const cnn_framework_row row = {
    "Parameter", "", NULL, NULL, "makes parameters by hand, which are not followed", NULL, false};

cnn_module *cnn_module_within(const cnn_py *value)
{
    return value->kind == CNN_PY_MODULE ? value->module : cnn_py_parameter(value);
}

/* ---- making one ---- */

/* torch.tensor(0.5), torch.Tensor([1.0]): data elsewhere, but here it is clear how many numbers it
 * has. Anything else is left as it is. */
static bool written_out(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    const bool call = node != NULL && node->kind == CNN_SYNTAX_CALL && node->b != NULL &&
                      (node->a->kind == CNN_SYNTAX_ATTRIBUTE || node->a->kind == CNN_SYNTAX_NAME);
    int32_t ignored;
    cnn_py value;
    if (!call || !cnn_row_matches("tensor|Tensor|FloatTensor", node->a->text, &ignored)) {
        return true;
    }
    if (!cnn_eval(p, node->b->a, &value)) {
        return false;
    }
    const bool number = value.kind == CNN_PY_INT || value.kind == CNN_PY_FLOAT;
    if (!cnn_py_is_list(&value) && !(number && cnn_word_is(node->a->text, "tensor"))) {
        return true; /* torch.Tensor(8) has 8 numbers, torch.tensor(8) is one */
    }
    if (!cnn_py_items(p, CNN_PY_SAMPLES, 1, out)) {
        return false;
    }
    out->origin = node->span;
    for (int32_t i = 0; !number && i < value.items->count; i++) {
        if (cnn_py_is_list(&value.items->at[i])) { /* rows of numbers */
            out->kind = CNN_PY_OPAQUE;
            return true;
        }
    }
    const cnn_py count = cnn_py_int(number ? 1 : value.items->count, node->span);
    return cnn_py_append(p, out->items, &count);
}

/* How many numbers it has; false: a size is not known, or they are too many. */
static bool count_numbers(const cnn_py *value, int64_t *out)
{
    *out = 1;
    for (int32_t i = 0; i < value->items->count; i++) {
        const cnn_py *side = &value->items->at[i];
        if (side->kind != CNN_PY_INT || side->number < 1 || side->text.size > 0 ||
            !cnn_checked_mul(*out, side->number, out)) {
            return false;
        }
    }
    return true;
}

bool cnn_parameter_make(cnn_paster *p, const cnn_py *name, const cnn_arguments *args, cnn_py *out)
{
    cnn_py value = args->count > 0 ? args->at[0].value : cnn_py_none();
    int64_t ignored;
    if (args->count > 0 && !written_out(p, args->at[0].node, &value)) {
        return false;
    }
    if (value.kind != CNN_PY_SAMPLES || !count_numbers(&value, &ignored)) {
        return cnn_paste_refuse(p, name->origin, cnn_text_part(p->text, name->origin), row.brief);
    }
    cnn_module *m = cnn_module_new(p, args->call);
    if (m == NULL) {
        return false;
    }
    m->row = &row;
    m->kind = name->text;
    m->inputs = value;
    *out = value;
    out->self = m;
    return true;
}

int64_t cnn_parameter_count(const cnn_module *m)
{
    int64_t count = 0;
    return m->row == &row && count_numbers(&m->inputs, &count) ? count : 0;
}

static bool is_used(const cnn_paster *p, const cnn_module *m)
{
    return m->flow == p->flow && m->uses > m->uses_before && !p->counting;
}

bool cnn_parameter_take(const cnn_paster *p, cnn_module *m)
{
    if (is_used(p, m)) {
        return false;
    }
    m->flow = p->flow;
    m->uses_before = m->uses++;
    return true;
}

/* ---- calculations with tensors ---- */

/* The shape of both together: axes that are 1 are stretched. *channels: it has a number for each
 * channel, and for nothing else. False: they do not fit. */
static bool broadcast(const cnn_tensor *in, const cnn_py *value, cnn_shape *out, bool *channels)
{
    const int32_t rank = in->shape.axes + 2, count = value->items->count;
    *out = in->shape;
    *channels = true;
    if (count > rank) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        const int64_t side = value->items->at[i].number;
        const int32_t axis = rank - count + i; /* aligned at the last one; 0: the batch */
        int64_t *const to = axis == 1 ? &out->channels : axis > 1 ? &out->side[axis - 2] : NULL;
        if (side == 1) {
            continue;
        }
        if (to == NULL || (*to != 1 && *to != side)) {
            return false;
        }
        *channels = *channels && axis == 1;
        *to = side;
    }
    int64_t numbers;
    *channels = *channels && count_numbers(value, &numbers) && numbers == in->shape.channels;
    return true;
}

bool cnn_tensor_parameter(cnn_paster *p, const cnn_tensor *in, uint8_t op, const cnn_py *value,
                          cnn_span span, cnn_py *out)
{
    static const struct {
        uint8_t op;
        const char *word;
        bool plain; /* of the language, where it has a number for each channel */
    } ops[] = {{'*', "scale", true},
               {'/', "scale", true},
               {'+', "bias", true},
               {'-', "bias", true},
               {CNN_OP_POWER, "power", false}};
    cnn_module *m = value->self;
    const bool again = is_used(p, m);
    cnn_known_layer known = {.weights = again ? 0 : cnn_parameter_count(m)};
    bool channels, plain = false;
    for (size_t i = 0; i < CNN_LENGTH(ops); i++) {
        if (ops[i].op == op) {
            known.what = ops[i].word;
            plain = ops[i].plain;
        }
    }
    if (known.what == NULL) {
        return cnn_not_followed(p, span);
    }
    if (!broadcast(in, value, &known.out, &channels)) {
        return cnn_paste_refuse(p, span, m->kind, "has sizes that do not fit those of the tensor");
    }
    cnn_tensor *tensor;
    m->added = 0;
    cnn_spec spec = cnn_spec_of(known.what, &in, m, span);
    /* A part of a parameter, and one that is used again in another way, have no word. */
    plain = plain && channels && cnn_parameter_count(m) == in->shape.channels &&
            (!again || p->net->layers[m->first].op == spec.op);
    if (plain ? !cnn_flow_add(p, &spec, &tensor)
              : !cnn_flow_known(p, &known, &in, again ? NULL : m, span, &tensor)) {
        return false;
    }
    m->uses++;
    *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}

/* ---- parts and views ---- */

/* weight[:, None, None], weight[0]: axes more or fewer. */
bool cnn_parameter_index(cnn_paster *p, const cnn_py_node *node, const cnn_py *value,
                         const cnn_py *index, cnn_py *out)
{
    const cnn_items one = {(cnn_py *)index, 1, 1};
    const cnn_items *parts = index->kind == CNN_PY_TUPLE ? index->items : &one;
    const cnn_py single = cnn_py_int(1, node->span);
    int32_t at = 0;
    *out = *value;
    out->items = CNN_PASTE_NEW(p, cnn_items);
    if (out->items == NULL) {
        return false;
    }
    for (int32_t i = 0; i < parts->count; i++) {
        const cnn_py *part = &parts->at[i];
        const bool all = part->kind == CNN_PY_SLICE && part->items->at[0].kind == CNN_PY_NONE &&
                         part->items->at[1].kind == CNN_PY_NONE &&
                         part->items->at[2].kind == CNN_PY_NONE;
        if (part->kind == CNN_PY_NONE) {
            if (!cnn_py_append(p, out->items, &single)) {
                return false;
            }
            continue;
        }
        if ((!all && part->kind != CNN_PY_INT) || at == value->items->count) {
            return cnn_not_followed(p, node->span);
        }
        if (all && !cnn_py_append(p, out->items, &value->items->at[at])) {
            return false;
        }
        at++;
    }
    for (; at < value->items->count; at++) {
        if (!cnn_py_append(p, out->items, &value->items->at[at])) {
            return false;
        }
    }
    return true;
}

/* weight.unsqueeze(-1): one axis more. */
static bool unsqueeze(cnn_paster *p, const cnn_py *value, const cnn_arguments *args, cnn_py *out)
{
    const int32_t count = value->items->count;
    const cnn_py single = cnn_py_int(1, args->call->span);
    int64_t at;
    if (args->count < 1) {
        return cnn_not_followed(p, args->call->span);
    }
    if (!cnn_argument_whole(p, args, 0, &at)) {
        return false;
    }
    at = at < 0 ? at + count + 1 : at;
    out->items = CNN_PASTE_NEW(p, cnn_items);
    if (out->items == NULL || at < 0 || at > count) {
        return out->items == NULL ? false : cnn_not_followed(p, args->call->span);
    }
    for (int32_t i = 0; i <= count; i++) {
        if (i == at && !cnn_py_append(p, out->items, &single)) {
            return false;
        }
        if (i < count && !cnn_py_append(p, out->items, &value->items->at[i])) {
            return false;
        }
    }
    return true;
}

bool cnn_parameter_method(cnn_paster *p, const cnn_py *value, cnn_text name, cnn_arguments *args,
                          bool *found, cnn_py *out)
{
    /* The same sizes, with other numbers. */
    static const char *const same =
        "exp|sigmoid|tanh|abs|softplus|relu|softmax|clamp|clamp_|clip|sqrt|square|pow|add|sub|mul|"
        "div|neg|fill_|zero_|normal_|uniform_|copy_|requires_grad_|detach|clone|contiguous|to|type|"
        "type_as|float|half|cuda|cpu|data|expand|expand_as";
    int32_t ignored;
    *found = true;
    *out = *value;
    if (cnn_row_matches(same, name, &ignored)) {
        return true;
    }
    if (cnn_word_is(name, "unsqueeze")) {
        return unsqueeze(p, value, args, out);
    }
    /* All others that leave numbers, but for sizes and views. */
    *found = !cnn_row_matches("size|view|reshape|numel|nelement", name, &ignored);
    if (*found) {
        *out = cnn_py_opaque("a calculation with parameters");
    }
    return true;
}
