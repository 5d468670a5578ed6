/* Matrix products and recurrent layers. */
#include "base/checked.h"
#include "files/shapes.h"

/* A matrix input, turned over on demand. */
static bool matrix(cnn_call *c, const cnn_sizes *x, const char *turned, int64_t *rows,
                   int64_t *cols)
{
    const bool over = cnn_attr_int(c, turned, 0) != 0;
    if (x->rank != 2) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, 2);
    }
    *rows = x->size[over];
    *cols = x->size[!over];
    return true;
}

/* com.microsoft QGemm: scales and zero points follow the matrices. */
bool cnn_infer_gemm(cnn_call *c)
{
    const bool scaled = c->op->slots[1] == '.';
    const cnn_sizes *a = cnn_in(c, 0), *b = cnn_in(c, scaled ? 3 : 1);
    const cnn_sizes *bias = cnn_in(c, scaled ? 6 : 2);
    int64_t m = -1, k = -1, inner = -1, n = -1; /* unknown */
    /* The bias is optional from opset 11 on. */
    if (c->op->domain[0] == '\0' && c->version < 11 && !cnn_has(c, 2)) {
        return cnn_call_fail(c, CNN_E_NODE_INPUTS, c->ins, 3);
    }
    if (a == NULL || b == NULL) {
        return true;
    }
    if (!matrix(c, a, "transA", &m, &k) || !matrix(c, b, "transB", &inner, &n)) {
        return false;
    }
    if (k >= 0 && inner >= 0 && k != inner) {
        return cnn_call_fail(c, CNN_E_NODE_SIZES, k, inner);
    }
    const cnn_sizes y = {2, {m, n}};
    cnn_sizes all;
    /* The bias may be stretched to the result (one way only). Before opset 7 `broadcast` decides
     * it. */
    if (bias != NULL && c->version >= 7 && cnn_sizes_known(&y) && cnn_sizes_known(bias) &&
        (!cnn_sizes_broadcast(&y, bias, &all) || !cnn_sizes_equal(&y, &all))) {
        return cnn_call_fail(c, CNN_E_NODE_BROADCAST, 0, 0);
    }
    return cnn_out_sizes(c, 0, &y);
}

/* com.microsoft FusedMatMul: "transBatch" brings the first dimension to the last but one, then
 * "trans" puts the last two the other way round. */
static cnn_sizes turned(const cnn_call *c, const cnn_sizes *x, const char *batch, const char *attr)
{
    cnn_sizes y = *x;
    if (cnn_attr_int(c, batch, 0) != 0 && y.rank > 2) {
        memmove(&y.size[0], &x->size[1], (size_t)(y.rank - 2) * sizeof *y.size);
        y.size[y.rank - 2] = x->size[0];
    }
    if (cnn_attr_int(c, attr, 0) != 0 && y.rank >= 2) {
        const int64_t last = y.size[y.rank - 1];
        y.size[y.rank - 1] = y.size[y.rank - 2];
        y.size[y.rank - 2] = last;
    }
    return y;
}

int64_t cnn_matmul_inner(const cnn_call *c)
{
    const cnn_sizes a = turned(c, cnn_in(c, 0), "transBatchA", "transA");
    return a.size[a.rank - 1];
}

/* As numpy.matmul: a vector is a row at the left and a column at the right. */
bool cnn_infer_matmul(cnn_call *c)
{
    const bool scaled = c->op->slots[1] == '.';
    const cnn_sizes *left = cnn_in(c, 0), *right = cnn_in(c, scaled ? 3 : 1);
    if (left == NULL || right == NULL) {
        return true;
    }
    if (left->rank == 0 || right->rank == 0) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, left->rank, right->rank);
    }
    cnn_sizes a = turned(c, left, "transBatchA", "transA"), y;
    cnn_sizes b = turned(c, right, "transBatchB", "transB");
    const bool row = a.rank == 1, column = b.rank == 1;
    if (row) {
        a = (cnn_sizes){2, {1, left->size[0]}};
    }
    if (column) {
        b = (cnn_sizes){2, {right->size[0], 1}};
    }
    const int64_t m = a.size[a.rank - 2], k = a.size[a.rank - 1];
    const int64_t inner = b.size[b.rank - 2], n = b.size[b.rank - 1];
    if (k >= 0 && inner >= 0 && k != inner) {
        return cnn_call_fail(c, CNN_E_NODE_SIZES, k, inner);
    }
    a.rank -= 2;
    b.rank -= 2;
    if (!cnn_sizes_broadcast(&a, &b, &y)) {
        return cnn_call_fail(c, CNN_E_NODE_BROADCAST, 0, 0);
    }
    if (!row) {
        y.size[y.rank++] = m;
    }
    if (!column) {
        y.size[y.rank++] = n;
    }
    return cnn_out_sizes(c, 0, &y);
}

/* Weights of a few bits in blocks: N columns of K. */
bool cnn_infer_matmul_bits(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const int64_t k = cnn_attr_int(c, "K", 0), n = cnn_attr_int(c, "N", 0);
    if (x == NULL) {
        return true;
    }
    if (x->rank < 1 || k < 1 || n < 1) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, k < 1 ? "K" : "N", k < 1 ? k : n, 0);
    }
    cnn_sizes y = *x;
    if (y.size[y.rank - 1] >= 0 && y.size[y.rank - 1] != k) {
        return cnn_call_fail(c, CNN_E_NODE_SIZES, y.size[y.rank - 1], k);
    }
    y.size[y.rank - 1] = n;
    return cnn_out_sizes(c, 0, &y);
}

/* The determinant of each matrix. */
bool cnn_infer_det(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    if (x == NULL) {
        return true;
    }
    if (x->rank < 2) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, 2);
    }
    cnn_sizes y = *x;
    y.rank -= 2;
    return cnn_out_sizes(c, 0, &y);
}

/* LSTM, GRU, RNN: X [sequence, batch, features], R [directions, gates * hidden, hidden]. With
 * layout 1 the batch comes first, and before the directions. */
bool cnn_infer_recurrent(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *r = cnn_in(c, 2);
    const bool both = cnn_attr_is(c, "direction", "bidirectional");
    const bool first = cnn_attr_int(c, "layout", 0) != 0;
    const int64_t directions = both ? 2 : 1;
    int64_t hidden = cnn_attr_int(c, "hidden_size", CNN_SOME);
    if (x == NULL) {
        return true;
    }
    if (x->rank != 3 || (r != NULL && r->rank != 3)) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, 3);
    }
    /* hidden_size is optional; the recurrence weights have it in their last dimension. */
    hidden = hidden < 1 && r != NULL ? r->size[2] : hidden;
    const int64_t steps = x->size[first], batch = x->size[!first];
    const cnn_sizes all = first ? (cnn_sizes){4, {batch, steps, directions, hidden}}
                                : (cnn_sizes){4, {steps, directions, batch, hidden}};
    const cnn_sizes end = first ? (cnn_sizes){3, {batch, directions, hidden}}
                                : (cnn_sizes){3, {directions, batch, hidden}};
    cnn_out_sizes(c, 2, &end);
    cnn_out_sizes(c, 1, &end);
    return cnn_out_sizes(c, 0, &all);
}

/* ---- attention ---- */

/* Opset 23: [batch, heads, length, size], or [batch, length, heads * size] with numbers of heads.
 */
bool cnn_infer_attention(cnn_call *c)
{
    const cnn_sizes *q = cnn_in(c, 0), *v = cnn_in(c, 2);
    const int64_t heads = cnn_attr_int(c, "q_num_heads", 0);
    const int64_t others = cnn_attr_int(c, "kv_num_heads", heads);
    /* With a past (input 4) the presents are outputs, too: all shapes stay unknown. */
    if (q == NULL || v == NULL || cnn_has(c, 4) || c->outs > 1) {
        return true;
    }
    if (q->rank != v->rank || (q->rank != 3 && q->rank != 4)) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, q->rank, v->rank);
    }
    cnn_sizes y = *q;
    y.size[q->rank - 1] = v->size[q->rank - 1];
    if (q->rank == 3 && v->size[2] >= 0) {
        if (heads < 1 || others < 1 || v->size[2] / others > INT64_MAX / heads) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "q_num_heads", heads, 0);
        }
        /* Each query head gives one result of the values' head size, also with fewer value
         * heads. */
        y.size[2] = v->size[2] / others * heads;
    }
    return cnn_out_sizes(c, 0, &y);
}

/* com.microsoft: the weights [features, 3 * hidden] make queries, keys and values. */
bool cnn_infer_attention_ms(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *bias = cnn_in(c, 2);
    if (x == NULL || x->rank != 3 || bias == NULL || bias->rank != 1 ||
        cnn_attr_of(c, "qkv_hidden_sizes") != NULL) {
        return true;
    }
    cnn_sizes y = *x;
    y.size[2] = bias->size[0] < 0 ? CNN_SOME : bias->size[0] / 3;
    return cnn_out_sizes(c, 0, &y);
}

/* ---- Einsum ---- */

enum { LETTERS = 128, ELLIPSIS = CNN_RANK };

/* The sizes that letters have, and of "..." in all terms. */
typedef struct einsum {
    int64_t size[LETTERS]; /* 0: not seen yet */
    int32_t seen[LETTERS]; /* how often a letter is in the inputs */
    cnn_sizes rest;
    bool has_rest;
} einsum;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int32_t letters_of(cnn_text term)
{
    int32_t count = 0;
    for (size_t i = 0; i < term.size; i++) {
        count += is_letter(term.data[i]);
    }
    return count;
}

/* Takes the sizes of one input. */
static bool einsum_term(cnn_call *c, einsum *e, cnn_text term, const cnn_sizes *x)
{
    const bool dots = memchr(term.data, '.', term.size) != NULL;
    const int32_t named = letters_of(term), rest = x->rank - named;
    if (rest < 0 || (!dots && rest != 0)) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, named);
    }
    int32_t axis = 0;
    bool passed = false;
    for (size_t i = 0; i < term.size; i++) {
        if (term.data[i] == '.' && !passed) {
            cnn_sizes part = {.rank = rest};
            memcpy(part.size, &x->size[axis], (size_t)rest * sizeof *part.size);
            if (!cnn_sizes_broadcast(&e->rest, &part, &e->rest)) {
                return cnn_call_fail(c, CNN_E_NODE_BROADCAST, 0, 0);
            }
            axis += rest;
            passed = e->has_rest = true;
        } else if (is_letter(term.data[i])) {
            const int letter = term.data[i];
            const int64_t size = x->size[axis++];
            /* A size of 1 is stretched to the other one, as in NumPy, and an unknown one fits
             * any. */
            if (e->seen[letter] > 0 && size > 1 && e->size[letter] > 1 && size != e->size[letter]) {
                return cnn_call_fail(c, CNN_E_NODE_SIZES, e->size[letter], size);
            }
            if (e->seen[letter] == 0 || e->size[letter] == 1 || size > 1) {
                e->size[letter] = size;
            }
            e->seen[letter]++;
        }
    }
    return true;
}

static bool add_size(cnn_sizes *y, int64_t size)
{
    if (y->rank == CNN_RANK) {
        return false;
    }
    y->size[y->rank++] = size;
    return true;
}

static bool add_rest(cnn_sizes *y, const einsum *e)
{
    bool fits = true;
    for (int32_t i = 0; i < e->rest.rank; i++) {
        fits = fits && add_size(y, e->rest.size[i]);
    }
    return fits;
}

/* Without an arrow the result has "..." and the letters seen once, in alphabetical order. */
static bool einsum_result(cnn_call *c, const einsum *e, cnn_text result, bool arrow)
{
    cnn_sizes y = {0};
    /* `passed`: the first of the three dots adds the axes, the other two are ignored. */
    bool fits = arrow || add_rest(&y, e), passed = false;
    for (int letter = 0; !arrow && letter < LETTERS; letter++) {
        fits = fits && (e->seen[letter] != 1 || add_size(&y, e->size[letter]));
    }
    for (size_t i = 0; arrow && i < result.size; i++) {
        if (result.data[i] == '.' && !passed) {
            fits = fits && add_rest(&y, e);
            passed = true;
        } else if (is_letter(result.data[i])) {
            const int letter = result.data[i];
            if (e->seen[letter] == 0) {
                return cnn_call_fail_attr(c, CNN_E_NODE_WORD, "equation", 0, 0);
            }
            fits = fits && add_size(&y, e->size[letter]);
        }
    }
    return fits ? cnn_out_sizes(c, 0, &y) : cnn_call_fail(c, CNN_E_NODE_RANK, CNN_RANK + 1, 0);
}

static cnn_text next_term(cnn_text *rest, char end)
{
    const char *at = rest->size == 0 ? NULL : memchr(rest->data, end, rest->size);
    const size_t size = at == NULL ? rest->size : (size_t)(at - rest->data);
    const cnn_text term = {rest->data, size};
    const size_t gone = at == NULL ? size : size + 1;
    *rest = (cnn_text){rest->data + gone, rest->size - gone};
    return term;
}

static bool is_clean(cnn_text equation)
{
    bool clean = equation.size > 0;
    for (size_t i = 0; clean && i < equation.size; i++) {
        const char c = equation.data[i];
        clean = is_letter(c) || c == ' ' || c == '.' || c == ',' || c == '-' || c == '>';
    }
    return clean;
}

/* Takes the sizes of all inputs. *known false: the shape of one is unknown. */
static bool einsum_terms(cnn_call *c, einsum *e, cnn_text terms, bool *known)
{
    *known = true;
    for (int32_t i = 0; *known && i < c->ins; i++) {
        const cnn_sizes *x = cnn_in(c, i);
        const cnn_text term = next_term(&terms, ',');
        *known = x != NULL;
        if (*known && !einsum_term(c, e, term, x)) {
            return false;
        }
    }
    return true;
}

bool cnn_infer_einsum(cnn_call *c)
{
    const cnn_onnx_attr *attr = cnn_attr_of(c, "equation");
    einsum e = {0};
    if (attr == NULL || !is_clean(attr->s)) {
        return cnn_call_fail_attr(c, CNN_E_NODE_WORD, "equation", 0, 0);
    }
    cnn_text result = attr->s;
    cnn_text terms = next_term(&result, '>');
    /* The '-' of "->" stays at the end of the terms, where it is ignored as spaces are. */
    const bool arrow = terms.size < attr->s.size;
    bool known;
    return einsum_terms(c, &e, terms, &known) && (!known || einsum_result(c, &e, result, arrow));
}

/* The product of all sizes, for two operands. */
bool cnn_cost_einsum(cnn_call *c)
{
    const cnn_onnx_attr *attr = cnn_attr_of(c, "equation");
    einsum e = {0};
    cnn_text result = attr->s;
    int64_t all;
    bool known;
    bool fits = einsum_terms(c, &e, next_term(&result, '>'), &known) && known &&
                cnn_sizes_count(&e.rest, &all);
    for (int i = 0; i < LETTERS; i++) {
        fits =
            fits && (e.seen[i] == 0 || (e.size[i] >= 0 && cnn_checked_mul(all, e.size[i], &all)));
    }
    c->macs = c->ins == 2 && fits ? all : 0;
    c->unclear = c->ins > 2 || !fits;
    return true;
}
