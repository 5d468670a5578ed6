/* Pooling: the largest or the mean of each window, and the mean of a whole channel. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "gradient/sliding.h"

/* One channel. */
typedef struct plane {
    const cnn_sliding *w;
    const double *in, *out_slope;
    double *out, *in_slope;
} plane;

typedef void visit(const plane *p, const cnn_place *at, int64_t o);

static void each_window(const cnn_pass *pass, visit *f)
{
    const cnn_sliding w = cnn_sliding_of(pass->layer);
    const int64_t in = w.in[0] * w.in[1], out = w.out[0] * w.out[1];
    const bool back = pass->out_slope != NULL;
    for (int64_t c = 0; c < pass->layer->in.channels; c++) {
        const plane p = {&w, pass->in + c * in, back ? pass->out_slope + c * out : NULL,
                         pass->out + c * out, back ? pass->in_slope + c * in : NULL};
        for (int64_t o = 0; o < out; o++) {
            const cnn_place at = cnn_place_at(&w, o / w.out[1], o % w.out[1]);
            f(&p, &at, o);
        }
    }
}

static void each_window_back(const cnn_pass *pass, visit *f)
{
    memset(pass->in_slope, 0, (size_t)cnn_volume(&pass->layer->in) * sizeof(double));
    each_window(pass, f);
}

/* The first of the largest values, as in PyTorch; -1: the window lies in the padding alone. */
static int64_t largest(const plane *p, const cnn_place *at)
{
    int64_t best = -1;
    for (int64_t u = at->first[0]; u < at->end[0]; u++) {
        for (int64_t v = at->first[1]; v < at->end[1]; v++) {
            const int64_t x = cnn_place_tap(p->w, at, u, v);
            best = best < 0 || p->in[x] > p->in[best] ? x : best;
        }
    }
    return best;
}

static void max_window(const plane *p, const cnn_place *at, int64_t o)
{
    const int64_t x = largest(p, at);
    p->out[o] = x >= 0 ? p->in[x] : (double)-INFINITY;
}

static void max_window_back(const plane *p, const cnn_place *at, int64_t o)
{
    assert(p->out_slope != NULL);
    const int64_t x = largest(p, at);
    if (x >= 0) {
        p->in_slope[x] += p->out_slope[o];
    }
}

static void max_forward(const cnn_pass *p)
{
    each_window(p, max_window);
}

static void max_backward(const cnn_pass *p)
{
    each_window_back(p, max_window_back);
}

const cnn_rule cnn_rule_max = {
    .formula = "{max}_{u,v} {in}[c,{rows},{columns}]",
    .in_formula = "{sum}_{i,j: (h,w) is the first largest of window (i,j)} {dout}[c,i,j]",
    .symbol = 'p',
    .indexed = true,
    .window = true,
    .forward = max_forward,
    .backward = max_backward,
};

static void mean_window(const plane *p, const cnn_place *at, int64_t o)
{
    double sum = 0;
    for (int64_t u = at->first[0]; u < at->end[0]; u++) {
        for (int64_t v = at->first[1]; v < at->end[1]; v++) {
            sum += p->in[cnn_place_tap(p->w, at, u, v)];
        }
    }
    p->out[o] = sum / cnn_place_divisor(p->w, at);
}

static void mean_window_back(const plane *p, const cnn_place *at, int64_t o)
{
    assert(p->out_slope != NULL);
    const double part = p->out_slope[o] / cnn_place_divisor(p->w, at);
    for (int64_t u = at->first[0]; u < at->end[0]; u++) {
        for (int64_t v = at->first[1]; v < at->end[1]; v++) {
            p->in_slope[cnn_place_tap(p->w, at, u, v)] += part;
        }
    }
}

static void mean_forward(const cnn_pass *p)
{
    each_window(p, mean_window);
}

static void mean_backward(const cnn_pass *p)
{
    each_window_back(p, mean_window_back);
}

const cnn_rule cnn_rule_mean = {
    .formula = "1/{n} * {sum}_{u,v} {in}[c,{rows},{columns}]",
    .in_formula = "{sum}_{i,j,u,v: {rows}=h, {columns}=w} 1/{n} * {dout}[c,i,j]",
    .symbol = 'p',
    .indexed = true,
    .window = true,
    .forward = mean_forward,
    .backward = mean_backward,
};

static void mean_all_forward(const cnn_pass *p)
{
    const int64_t channels = p->layer->in.channels;
    const int64_t positions = cnn_volume(&p->layer->in) / channels;
    for (int64_t c = 0; c < channels; c++) {
        double sum = 0;
        for (int64_t i = 0; i < positions; i++) {
            sum += p->in[c * positions + i];
        }
        p->out[c] = sum / (double)positions;
    }
}

static void mean_all_backward(const cnn_pass *p)
{
    const int64_t all = cnn_volume(&p->layer->in), positions = all / p->layer->in.channels;
    for (int64_t i = 0; i < all; i++) {
        p->in_slope[i] = p->out_slope[i / positions] / (double)positions;
    }
}

const cnn_rule cnn_rule_mean_all = {
    .formula = "1/{positions} * {sum}_{h,w} {in}[c,h,w]",
    .in_formula = "1/{positions} * {dout}[c]",
    .symbol = 'p',
    .indexed = true,
    .forward = mean_all_forward,
    .backward = mean_all_backward,
};
