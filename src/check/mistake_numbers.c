/*
 * A mistake's formula with the numbers of a layer put in, and what they give: one walk over the
 * formula writes and computes. Letters as in docs/explain.md.
 */
#include "base/fraction.h"
#include "base/shape_text.h"
#include "base/text.h"
#include "check/mistake.h"

typedef struct walk {
    const cnn_layer *layer;
    const char *p; /* what is read next */
    cnn_out *out;
    bool failed; /* a letter has no single number here, or it does not fit */
} walk;

static cnn_fraction whole(int64_t n)
{
    return (cnn_fraction){n, 1};
}

static cnn_fraction fail(walk *w)
{
    w->failed = true;
    return whole(1);
}

/* ---- letters ---- */

/* The extent of a dilated kernel. */
static int64_t extent_of(const cnn_layer *layer, int32_t axis)
{
    const cnn_attrs *a = layer->attrs;
    return a->value[CNN_DILATION][axis] * (a->value[CNN_SIZE][axis] - 1) + 1;
}

/* What a letter with an axis at its foot, or a capital one, stands for. */
static int64_t of_axis(const cnn_layer *layer, char letter, int32_t axis)
{
    const cnn_attrs *a = layer->attrs;
    switch (letter) {
    case 'k':
        return a->value[CNN_SIZE][axis];
    case 'e':
        return extent_of(layer, axis);
    case 's':
        return a->value[CNN_STRIDE][axis];
    case 'd':
        return a->value[CNN_DILATION][axis];
    case 'p':
        return layer->pad_low[axis] == layer->pad_high[axis] ? layer->pad_low[axis] : -1;
    default:
        return -1;
    }
}

/* The same for all axes; -1: they differ. */
static int64_t of_all(const cnn_layer *layer, char letter)
{
    const int32_t axes = layer->in.axes;
    const int64_t first = axes > 0 ? of_axis(layer, letter, 0) : -1;
    for (int32_t axis = 1; axis < axes; axis++) {
        if (of_axis(layer, letter, axis) != first) {
            return -1;
        }
    }
    return first;
}

/* The axis of 'w', 'h' or 'd', or of their capitals; -1: there is none. */
static int32_t axis_of(const cnn_layer *layer, char letter)
{
    static const char names[] = "whd";
    for (int32_t i = 0; i < CNN_AXES; i++) {
        if (cnn_fold(letter) == names[i]) {
            return i < layer->in.axes ? layer->in.axes - 1 - i : -1;
        }
    }
    return -1;
}

/* -1: it has none. */
static int64_t value_of(const cnn_layer *layer, cnn_text name)
{
    const char letter = name.data[0];
    const int32_t side = axis_of(layer, letter);
    int64_t inputs;
    if (name.size == 2 && name.data[1] == 'o') {
        return side >= 0 && side < layer->out.axes ? layer->out.side[side] : -1;
    }
    if (name.size == 2) {
        const int32_t axis = axis_of(layer, name.data[1]);
        return axis >= 0 ? of_axis(layer, letter, axis) : -1;
    }
    switch (name.size == 1 ? letter : '\0') {
    case 'C':
        return layer->in.channels;
    case 'N':
        return layer->out.channels;
    case 'g':
        return cnn_groups(layer);
    case 'n':
        return cnn_shape_volume(&layer->in, &inputs) ? inputs : -1;
    case 'W':
    case 'H':
    case 'D':
        return side >= 0 ? layer->in.side[side] : -1;
    default:
        return of_all(layer, letter);
    }
}

/* ---- the formula ---- */

static cnn_fraction sum(walk *w);

static void copy(walk *w, size_t size)
{
    cnn_out_bytes(w->out, w->p, size);
    w->p += size;
}

static cnn_fraction applied(walk *w, cnn_text name, cnn_fraction a)
{
    if (cnn_text_is(name, "max")) {
        copy(w, 2); /* ", " */
        const cnn_fraction b = sum(w);
        cnn_fraction rest;
        return cnn_fraction_sub(a, b, &rest) ? (rest.num > 0 ? a : b) : fail(w);
    }
    const int64_t up = cnn_fraction_ceil(a);
    return whole(cnn_text_is(name, "ceil") || a.den == 1 ? up : up - 1);
}

static cnn_fraction factor(walk *w)
{
    cnn_text name = {w->p, 0};
    while (cnn_is_letter(w->p[name.size])) {
        name.size++;
    }
    if (w->p[name.size] == '(') {
        copy(w, name.size + 1);
        const cnn_fraction a = sum(w);
        const cnn_fraction result = name.size > 0 ? applied(w, name, a) : a;
        copy(w, 1);
        return result;
    }
    int64_t n = 0;
    if (name.size > 0) {
        n = value_of(w->layer, name);
        w->p += name.size;
        cnn_out_int(w->out, n);
        return n >= 0 ? whole(n) : fail(w);
    }
    if (!cnn_is_digit(*w->p)) {
        return fail(w);
    }
    for (; cnn_is_digit(*w->p); copy(w, 1)) {
        n = 10 * n + (*w->p - '0'); /* our numbers are short */
    }
    return whole(n);
}

static cnn_fraction product(walk *w)
{
    cnn_fraction a = factor(w);
    while (!w->failed && (*w->p == '*' || *w->p == '/')) {
        const bool times = *w->p == '*';
        copy(w, 1);
        const cnn_fraction b = factor(w);
        if (times ? !cnn_fraction_mul(a, b.num, b.den, &a)
                  : b.num <= 0 || !cnn_fraction_mul(a, b.den, b.num, &a)) {
            return fail(w);
        }
    }
    return a;
}

static cnn_fraction sum(walk *w)
{
    cnn_fraction a = product(w);
    while (!w->failed && *w->p == ' ') {
        const bool plus = w->p[1] == '+';
        copy(w, 3); /* " + " or " - " */
        const cnn_fraction b = product(w);
        if (!(plus ? cnn_fraction_add : cnn_fraction_sub)(a, b, &a)) {
            return fail(w);
        }
    }
    return a;
}

bool cnn_mistake_put_numbers(cnn_out *out, const char *formula, const cnn_layer *layer,
                             cnn_fraction *result)
{
    walk w = {.layer = layer, .p = formula, .out = out};
    *result = sum(&w);
    return !w.failed && *w.p == '\0';
}
