/* Functions of each value, and calculations with numbers: no size changes, but each result has its
 * own storage, and PyTorch keeps different things for the backward pass. */
#include "paste/tensor.h"

bool cnn_tensor_values(cnn_paster *p, const cnn_tensor *in, const cnn_keep_rule *rule,
                       cnn_span span, cnn_py *out)
{
    cnn_spec spec = cnn_spec_of("id", &in, NULL, span);
    cnn_tensor *tensor;
    if (in->noise) {
        *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = (cnn_tensor *)in};
        return true;
    }
    spec.keep_rule = rule;
    if (!cnn_flow_add(p, &spec, &tensor)) {
        return false;
    }
    *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}

bool cnn_tensor_number(cnn_paster *p, const cnn_tensor *in, uint8_t op, const cnn_py *number,
                       bool first, cnn_span span, cnn_py *out)
{
    /* Of the derivatives in PyTorch: of x * n and x / n it keeps n, of n / x the inverse of x, of
     * x ** n the base, of n ** x all three. */
    static const struct {
        uint8_t op;
        const cnn_keep_rule *first, *second;
    } rules[] = {{'*', &cnn_keep_number, &cnn_keep_number},
                 {'/', &cnn_keep_number, &cnn_keep_inverse},
                 {CNN_OP_POWER, &cnn_keep_input, &cnn_keep_power}};
    const cnn_keep_rule *rule = &cnn_keep_nothing;
    if (cnn_py_parameter(number) != NULL) {
        return cnn_tensor_parameter(p, in, op, number, span, out);
    }
    for (size_t i = 0; i < CNN_LENGTH(rules); i++) {
        if (rules[i].op == op) {
            rule = first ? rules[i].first : rules[i].second;
        }
    }
    /* A buffer or the like in place of a number has a storage by itself. */
    const bool is_number =
        cnn_py_is_int(number) || number->kind == CNN_PY_FLOAT || number->kind == CNN_PY_BATCH;
    if (rule == &cnn_keep_number && !is_number) {
        rule = &cnn_keep_nothing;
    }
    return cnn_tensor_values(p, in, rule, span, out);
}

/* F.normalize: divided by the length along an axis, most often that of the channels. */
static bool normalize(cnn_request *r)
{
    int64_t axis;
    if (!cnn_request_number(r, "dim", 1, 1, &axis)) {
        return false;
    }
    const bool channels = axis == 1 || axis == -1 - r->in->shape.axes;
    return cnn_tensor_values(r->p, r->in, channels ? &cnn_keep_lengths : &cnn_keep_input, r->span,
                             r->out);
}

bool cnn_request_values(cnn_request *r, cnn_text name, bool *found)
{
    static const struct {
        const char *names;
        const cnn_keep_rule *rule;
    } functions[] = {
        {"exp|exp2|expm1|sqrt|rsqrt|reciprocal", &cnn_keep_output},
        {"log|log2|log10|log1p|abs|absolute|sin|cos|erf|square|clamp|clamp_min|clamp_max|clip",
         &cnn_keep_input},
        {"neg|negative|sign|floor|ceil|round|cumsum|roll|flip", &cnn_keep_nothing},
    };
    int32_t ignored;
    const cnn_py *exponent = cnn_request_given(r, "exponent", 0);
    *found = true;
    if (cnn_word_is(name, "normalize")) {
        return normalize(r);
    }
    if (cnn_word_is(name, "pow") && exponent != NULL) {
        return cnn_tensor_number(r->p, r->in, CNN_OP_POWER, exponent, true, r->span, r->out);
    }
    for (size_t i = 0; i < CNN_LENGTH(functions); i++) {
        if (cnn_row_matches(functions[i].names, name, &ignored)) {
            return cnn_tensor_values(r->p, r->in, functions[i].rule, r->span, r->out);
        }
    }
    *found = false;
    return true;
}
