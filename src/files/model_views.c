/*
 * Nodes that arrange, cut, enlarge or reduce a map, as layers of the language. Axis 0 is the batch,
 * which the language does not have, axis 1 the channels, the others are the sides.
 */
#include "files/model_layers.h"
#include "files/shapes.h"

cnn_call *cnn_next_call(const cnn_call *c, const char *op)
{
    cnn_call *next = c->out[0]->readers == 1 ? c->out[0]->reader : NULL;
    return next != NULL && next->op != NULL && strcmp(next->op->name, op) == 0 ? next : NULL;
}

/* Channels as groups, the groups' channels side by side, and back: N x G x C/G x H x W with axes 1
 * and 2 exchanged. Zhang et al. 2017, ShuffleNet */
static cnn_call *end_of_shuffle(cnn_call *c, int64_t *groups)
{
    static const int64_t exchanged[] = {0, 2, 1, 3, 4};
    const cnn_sizes *in = cnn_in(c, 0), *out = &c->out[0]->dims;
    cnn_call *turn = cnn_next_call(c, "Transpose");
    cnn_call *back = turn == NULL ? NULL : cnn_next_call(turn, "Reshape");
    int64_t perm[CNN_RANK];
    int32_t count;
    if (back == NULL || in->rank != 4 || out->rank != 5 || in->size[0] != out->size[0] ||
        in->size[2] != out->size[3] || in->size[3] != out->size[4] ||
        !cnn_sizes_equal(in, &back->out[0]->dims) ||
        !cnn_attr_ints(turn, "perm", perm, CNN_RANK, &count) || count != 5 ||
        memcmp(perm, exchanged, sizeof exchanged) != 0) {
        return NULL;
    }
    *groups = out->size[1];
    return back;
}

/* The same values in another arrangement, within each sample. */
bool cnn_put_reshape(cnn_converter *x)
{
    const cnn_sizes *in = cnn_in(x->call, 0), *out = &x->call->out[0]->dims;
    int64_t groups;
    cnn_call *back = end_of_shuffle(x->call, &groups);
    if (back != NULL) {
        cnn_attrs attrs = {0};
        cnn_put_all(&attrs, CNN_SIZE, groups);
        x->last = back;
        return cnn_put_one(x, "shuffle", &attrs);
    }
    if (cnn_sizes_equal(in, out)) {
        return cnn_put_pass(x);
    }
    if (in->size[0] != out->size[0] || out->rank < 2 || out->rank > 4) {
        return cnn_layer_unfit(x);
    }
    if (out->rank == 2) {
        return cnn_put_one(x, "flatten", NULL);
    }
    cnn_attrs attrs = {0};
    cnn_put_all(&attrs, CNN_SIZE, 0);
    for (int32_t i = 1; i < out->rank; i++) {
        attrs.value[CNN_SIZE][i - 1] = out->size[i];
    }
    return cnn_put_one(x, "reshape", &attrs);
}

/* Over all sides of a map, or over its channels. */
bool cnn_put_reduce(cnn_converter *x)
{
    const cnn_sizes *in = cnn_in(x->call, 0), *out = &x->call->out[0]->dims;
    const bool mean = strcmp(x->call->op->name, "ReduceMean") == 0;
    int32_t axes[CNN_RANK], count;
    bool known;
    if (!cnn_axes(x->call, 1, in->rank, axes, &count, &known)) {
        return false;
    }
    uint32_t gone = 0;
    for (int32_t i = 0; known && i < count; i++) {
        gone |= 1u << axes[i];
    }
    if (gone == 1u << 1 && in->rank > 2 && out->rank == in->rank) {
        return cnn_put_one(x, mean ? "chmean" : "chmax", NULL);
    }
    return gone == (1u << in->rank) - 4 && (out->rank == 2 || out->rank == in->rank)
               ? cnn_put_one(x, mean ? "gap" : "gmp", NULL)
               : cnn_layer_unfit(x);
}

/* By a whole factor, or to a size. */
bool cnn_put_resize(cnn_converter *x)
{
    const cnn_sizes *in = cnn_in(x->call, 0), *out = &x->call->out[0]->dims;
    if (in->rank != 4 || in->size[2] == 0 || in->size[3] == 0) {
        return cnn_layer_unfit(x);
    }
    const int64_t factor = out->size[2] / in->size[2];
    cnn_attrs attrs = {0};
    if (in->size[2] * factor == out->size[2] && in->size[3] * factor == out->size[3]) {
        cnn_put_all(&attrs, CNN_SIZE, factor);
        return cnn_put_one(x, "upsample", &attrs);
    }
    cnn_put_all(&attrs, CNN_SIZE, out->size[2]);
    attrs.value[CNN_SIZE][1] = out->size[3];
    return cnn_put_one(x, "resize", &attrs);
}

bool cnn_put_blocks(cnn_converter *x)
{
    cnn_attrs attrs = {0};
    cnn_put_all(&attrs, CNN_SIZE, cnn_attr_int(x->call, "blocksize", 1));
    return cnn_put_one(x, x->kind, &attrs);
}

/* ---- cuts and paddings ---- */

/* What is added to or taken off both ends of each axis. */
typedef struct ends {
    int64_t low[CNN_RANK], high[CNN_RANK];
} ends;

/* Whether an end of one of the axes from `from` on is not 0. */
static bool reaches(const ends *e, int32_t from, int32_t rank)
{
    bool any = false;
    for (int32_t i = from; i < rank; i++) {
        any = any || e->low[i] != 0 || e->high[i] != 0;
    }
    return any;
}

/* A layer whose size is a number for each end of each axis. */
static bool put_ends(cnn_converter *x, const char *kind, const ends *e, int32_t from, int32_t axes,
                     cnn_node *node)
{
    cnn_attrs attrs = {0};
    cnn_put_all(&attrs, CNN_PAD, 0);
    for (int32_t i = 0; i < axes; i++) {
        attrs.value[CNN_PAD][i] = e->low[from + i];
        attrs.value[CNN_PAD_AFTER][i] = e->high[from + i];
    }
    return cnn_put_layer(x, kind, &attrs, node, 1, 0, node);
}

/* Takes channels and sides off. */
static bool put_cut(cnn_converter *x, const ends *e, int32_t rank, cnn_node *node)
{
    if (e->low[0] != 0 || e->high[0] != 0 || rank > CNN_AXES + 2) {
        return cnn_layer_unfit(x);
    }
    return (!reaches(e, 1, 2) || put_ends(x, "chcrop", e, 1, 1, node)) &&
           (!reaches(e, 2, rank) || put_ends(x, "crop", e, 2, rank - 2, node));
}

/* Positive numbers add zeros, or what the mode puts there; negative ones cut. Channels of zeros
 * have no place in the language, only a number. */
bool cnn_put_pad(cnn_converter *x)
{
    const int32_t rank = cnn_in(x->call, 0)->rank;
    cnn_node node = cnn_layer_of(x->call->in[0]);
    ends more, less = {{0}, {0}};
    bool known;
    if (!cnn_pad_ends(x->call, more.low, more.high, &known)) {
        return false;
    }
    if (!known || node < 0 || rank < 2 || more.low[0] > 0 || more.high[0] > 0) {
        return cnn_layer_unfit(x);
    }
    for (int32_t i = 0; i < rank; i++) {
        if (more.low[i] < -INT32_MAX || more.high[i] < -INT32_MAX) {
            return cnn_layer_unfit(x);
        }
        less.low[i] = more.low[i] < 0 ? -more.low[i] : 0;
        less.high[i] = more.high[i] < 0 ? -more.high[i] : 0;
        more.low[i] += less.low[i];
        more.high[i] += less.high[i];
    }
    if (!put_cut(x, &less, rank, &node)) {
        return false;
    }
    cnn_attrs attrs = {0};
    cnn_put_all(&attrs, CNN_CHANNELS, x->call->out[0]->dims.size[1]);
    return (!reaches(&more, 1, 2) || cnn_put_layer(x, "chpad", &attrs, &node, 1, 0, &node)) &&
           (!reaches(&more, 2, rank) || put_ends(x, "pad", &more, 2, rank - 2, &node)) &&
           cnn_put_finish(x, 0, node);
}

/* Each part is what is left when the others are cut off. */
bool cnn_put_split(cnn_converter *x)
{
    cnn_call *c = x->call;
    const cnn_sizes *in = cnn_in(c, 0);
    int64_t before = 0;
    int32_t axis;
    if (cnn_layer_of(c->in[0]) < 0 || !cnn_axis(c, cnn_attr_int(c, "axis", 0), in->rank, &axis)) {
        return cnn_layer_unfit(x);
    }
    for (int32_t i = 0; i < c->outs; i++) {
        const int64_t part = c->out[i]->dims.size[axis];
        cnn_node node = cnn_layer_of(c->in[0]);
        ends e = {{0}, {0}};
        e.low[axis] = before;
        e.high[axis] = in->size[axis] - before - part;
        before += part;
        if (c->out[i]->readers > 0 &&
            (!put_cut(x, &e, in->rank, &node) || !cnn_put_finish(x, i, node))) {
            return false;
        }
    }
    return true;
}

/* Steps are a pooling of one position with that stride. Channels have none in the language. */
bool cnn_put_slice(cnn_converter *x)
{
    const cnn_sizes *in = cnn_in(x->call, 0), *out = &x->call->out[0]->dims;
    int64_t first[CNN_RANK], step[CNN_RANK];
    cnn_node node = cnn_layer_of(x->call->in[0]);
    cnn_attrs attrs = {0};
    ends e = {{0}, {0}};
    bool steps = false;
    if (node < 0) {
        return cnn_layer_unfit(x);
    }
    cnn_slice_places(x->call, first, step);
    cnn_put_all(&attrs, CNN_SIZE, 1);
    cnn_put_all(&attrs, CNN_STRIDE, 1);
    for (int32_t i = 0; i < in->rank; i++) {
        step[i] = out->size[i] == 1 ? 1 : step[i];
        if (step[i] < 1 || (step[i] > 1 && (i < 2 || i - 2 >= CNN_AXES))) {
            return cnn_layer_unfit(x);
        }
        e.low[i] = first[i];
        /* No window begins after the last position taken, so less than a step may stay. */
        const int64_t rest = in->size[i] - first[i] - (out->size[i] - 1) * step[i] - 1;
        e.high[i] = rest < step[i] && step[i] > 1 ? 0 : rest;
        steps = steps || step[i] > 1;
        if (step[i] > 1) {
            attrs.value[CNN_STRIDE][i - 2] = step[i];
        }
    }
    return put_cut(x, &e, in->rank, &node) &&
           (!steps || cnn_put_layer(x, "maxpool", &attrs, &node, 1, 0, &node)) &&
           cnn_put_finish(x, 0, node);
}

/* Whether a node brings channels from the last place to the one after the batch. */
static bool is_turn(cnn_call *c, int32_t rank)
{
    int64_t perm[CNN_RANK];
    int32_t count;
    if (c->op == NULL || strcmp(c->op->name, "Transpose") != 0 ||
        !cnn_attr_ints(c, "perm", perm, CNN_RANK, &count) || count != rank) {
        return false;
    }
    bool turn = perm[0] == 0 && perm[1] == rank - 1;
    for (int32_t i = 2; i < rank; i++) {
        turn = turn && perm[i] == i - 1;
    }
    return turn;
}

bool cnn_is_turned(const cnn_value *value)
{
    const int32_t rank = value->dims.rank;
    return value->maker == NULL && value->reader != NULL && value->readers == 1 && rank > 2 &&
           rank <= CNN_AXES + 2 && is_turn(value->reader, rank);
}

/* The language counts axes without the batch, from 1 on, as the model with the batch from 0 on. */
bool cnn_put_permute(cnn_converter *x)
{
    const int32_t rank = cnn_in(x->call, 0)->rank;
    int64_t perm[CNN_RANK];
    int32_t count;
    cnn_attrs attrs = {0};
    if (!cnn_attr_ints(x->call, "perm", perm, CNN_RANK, &count)) {
        return false;
    }
    if (cnn_is_turned(x->call->in[0])) {
        return cnn_put_pass(x);
    }
    if (count == CNN_SOME || perm[0] != 0 || rank < 3 || rank > CNN_AXES + 1) {
        return cnn_layer_unfit(x);
    }
    cnn_put_all(&attrs, CNN_SIZE, 0);
    bool same = true;
    for (int32_t i = 1; i < rank; i++) {
        attrs.value[CNN_SIZE][i - 1] = perm[i];
        same = same && perm[i] == i;
    }
    return same ? cnn_put_pass(x) : cnn_put_one(x, "permute", &attrs);
}
