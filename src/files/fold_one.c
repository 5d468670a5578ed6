/* Small constants: operators of one operand, and casts. */
#include "files/shapes.h"

/* Rounding without the mathematical library; doubles beyond 2^52 are whole. */
static double floor_of(double x)
{
    if (!(x > -4.5e15 && x < 4.5e15)) {
        return x;
    }
    const double whole = (double)(int64_t)x;
    return whole > x ? whole - 1 : whole;
}

static double ceil_of(double x)
{
    return -floor_of(-x);
}

/* Half to even. */
static double round_of(double x)
{
    const double low = floor_of(x), rest = x - low;
    const bool odd = floor_of(low / 2) * 2 != low;
    return rest > 0.5 || (rest == 0.5 && odd) ? low + 1 : low;
}

static double neg_of(double x)
{
    return -x;
}
static double abs_of(double x)
{
    return x < 0 ? -x : x;
}

bool cnn_fold_unary(cnn_call *c)
{
    static const struct {
        const char *name;
        double (*real)(double x);
    } unaries[] = {{"Floor", floor_of}, {"Ceil", ceil_of}, {"Round", round_of},
                   {"Neg", neg_of},     {"Abs", abs_of},   {"Not", NULL}};
    int64_t count;
    size_t row = 0;
    while (strcmp(unaries[row].name, c->op->name) != 0) {
        row++;
    }
    cnn_number *data = cnn_fold_room_for(c, 0, &count);
    const bool real = cnn_fold_is_real(c->in[0]);
    for (int64_t n = 0; data != NULL && n < count; n++) {
        const cnn_number x = c->in[0]->data[n];
        if (real && unaries[row].real == NULL) {
            return true;
        }
        if (real) {
            data[n].f = unaries[row].real(x.f);
        } else if (unaries[row].real == NULL) {
            data[n].i = x.i == 0;
        } else if (x.i == INT64_MIN) {
            return true;
        } else {
            data[n].i = unaries[row].real == neg_of || x.i < 0 ? -x.i : x.i;
            if (!cnn_fold_fit_type(c->in[0]->type, &data[n])) {
                return true;
            }
        }
    }
    return data == NULL || cnn_fold_keep(c, 0, data);
}

/* From float to whole numbers the fraction is cut off. */
bool cnn_fold_cast(cnn_call *c)
{
    int64_t count;
    cnn_value *y = cnn_out_value(c, 0);
    cnn_number *data = cnn_fold_room_for(c, 0, &count);
    const bool from = cnn_fold_is_real(c->in[0]), to = cnn_elements[y->type].real;
    for (int64_t n = 0; data != NULL && n < count; n++) {
        const cnn_number x = c->in[0]->data[n];
        if (from && !to && y->type == CNN_T_BOOL) {
            data[n].i = x.f != 0;
        } else if (from && !to) {
            if (!(x.f > -9.2e18 && x.f < 9.2e18)) {
                return true;
            }
            data[n].i = (int64_t)x.f;
        } else if (!from && to) {
            data[n].f = (double)x.i;
        } else {
            data[n] = x;
        }
        if (!cnn_fold_fit_type(y->type, &data[n])) {
            return true;
        }
    }
    return data == NULL || cnn_fold_keep(c, 0, data);
}

/* The same elements in another shape. */
bool cnn_fold_same(cnn_call *c)
{
    int64_t count;
    return !cnn_sizes_count(&cnn_out_value(c, 0)->dims, &count) || count > CNN_KEPT ||
           cnn_fold_keep(c, 0, c->in[0]->data);
}
