/* Calls that reduce axes of a tensor: x.mean((2, 3)), torch.max(x, 1), x.std(1, keepdim=True). */
#include "paste/tensor.h"

/* Arguments as PyTorch 1.13 orders them: `dim` is the axes, `keep` keepdim. */
static const struct {
    const char *names;
    cnn_reduction how;
    int32_t dim, keep;
    bool pair; /* gives the values and where they are */
} rows[] = {
    {"mean|reduce_mean", CNN_REDUCE_MEAN, 0, 1, false},
    {"sum|reduce_sum", CNN_REDUCE_SUM, 0, 1, false},
    {"max|min|median|mode", CNN_REDUCE_MAX, 0, 1, true},
    {"amax|amin|reduce_max|reduce_min", CNN_REDUCE_EXTREME, 0, 1, false},
    {"var", CNN_REDUCE_VARIANCE, 0, 2, false}, /* unbiased is between */
    {"std", CNN_REDUCE_NORM, 0, 2, false},
    {"norm|vector_norm", CNN_REDUCE_NORM, 1, 2, false}, /* p is before */
    {"prod|logsumexp", CNN_REDUCE_NORM, 0, 1, false},
    {"reduce_std|reduce_prod", CNN_REDUCE_NORM, 0, 1, false},
    {"reduce_variance", CNN_REDUCE_VARIANCE, 0, 1, false},
};

/* keepdim of torch, keepdims of the others. */
static bool read_keep(cnn_request *r, int32_t position, bool *out)
{
    const cnn_py_node place = {.span = r->span};
    const cnn_py *value = cnn_request_given(r, "keepdim", position);
    value = value != NULL ? value : cnn_request_given(r, "keepdims", position);
    *out = false;
    return value == NULL || cnn_py_truth(r->p, &place, value, out);
}

/* Without an axis the result is one number, which is data. */
static bool reduce(cnn_request *r, size_t row)
{
    const cnn_py *over = cnn_request_given(r, "dim", rows[row].dim);
    over = over != NULL ? over : cnn_request_given(r, "axis", rows[row].dim);
    /* x.std(False) gives `unbiased` in the axes' place. */
    if (over == NULL || over->kind == CNN_PY_NONE || over->kind == CNN_PY_BOOL) {
        *r->out = cnn_py_opaque("data");
        return true;
    }
    bool keep;
    return read_keep(r, rows[row].keep, &keep) &&
           cnn_tensor_reduce(r->p, rows[row].how, r->in, over, keep, r->span, r->out) &&
           (!rows[row].pair || cnn_request_pair(r));
}

/* torch.max(x, y), torch.maximum(x, y): element by element. */
static bool compare(cnn_request *r, const cnn_py *other)
{
    const cnn_py both[] = {{.kind = CNN_PY_TENSOR, .tensor = (cnn_tensor *)r->in}, *other};
    const cnn_py_node node = {.span = r->span};
    if (!cnn_tensor_join(r->p, "add", &node, both, 2, r->out)) {
        return false;
    }
    r->p->net->layers[r->out->tensor->layer].keep_rule = &cnn_keep_both;
    return true;
}

bool cnn_request_reduce(cnn_request *r, cnn_text name, bool *found)
{
    int32_t ignored;
    const cnn_py *other = cnn_request_given(r, "other", 0);
    *found = true;
    if (cnn_row_matches("max|min|maximum|minimum|fmax|fmin", name, &ignored) && other != NULL &&
        other->kind == CNN_PY_TENSOR) {
        return compare(r, other);
    }
    for (size_t i = 0; i < CNN_LENGTH(rows); i++) {
        if (cnn_row_matches(rows[i].names, name, &ignored)) {
            return reduce(r, i);
        }
    }
    *found = false;
    return true;
}
