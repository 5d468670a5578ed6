/* Convolution, as the books on deep learning call it: the filter is not turned round. */
#include <assert.h>
#include <string.h>

#include "gradient/sliding.h"

/* One filter slice on one channel, and their slopes. */
typedef struct plane {
    const cnn_sliding *w;
    const double *in, *weights, *out_slope;
    double *out, *in_slope, *weight_slope;
} plane;

/* out[i,j] += sum_{u,v} weights[u,v] in[s i + d u - p, s j + d v - p] */
static void tap_forward(const plane *p, const cnn_place *at, int64_t o)
{
    double sum = 0;
    for (int64_t u = at->first[0]; u < at->end[0]; u++) {
        for (int64_t v = at->first[1]; v < at->end[1]; v++) {
            sum += p->weights[u * p->w->k[1] + v] * p->in[cnn_place_tap(p->w, at, u, v)];
        }
    }
    p->out[o] += sum;
}

/* Each use of a weight w for an input x: dl/dw += dl/dz x,  dl/dx += dl/dz w */
static void tap_backward(const plane *p, const cnn_place *at, int64_t o)
{
    assert(p->out_slope != NULL);
    const double slope = p->out_slope[o];
    for (int64_t u = at->first[0]; u < at->end[0]; u++) {
        for (int64_t v = at->first[1]; v < at->end[1]; v++) {
            const int64_t x = cnn_place_tap(p->w, at, u, v), w = u * p->w->k[1] + v;
            p->weight_slope[w] += slope * p->in[x];
            p->in_slope[x] += slope * p->weights[w];
        }
    }
}

static void slide(const plane *p, void (*tap)(const plane *, const cnn_place *, int64_t))
{
    for (int64_t i = 0; i < p->w->out[0]; i++) {
        for (int64_t j = 0; j < p->w->out[1]; j++) {
            const cnn_place at = cnn_place_at(p->w, i, j);
            tap(p, &at, i * p->w->out[1] + j);
        }
    }
}

/* Every filter meets the channels of its group. */
static void each_plane(const cnn_pass *p, void (*tap)(const plane *, const cnn_place *, int64_t))
{
    const cnn_sliding w = cnn_sliding_of(p->layer);
    const int64_t groups = cnn_groups(p->layer);
    const int64_t depth = p->layer->in.channels / groups, filters = p->layer->out.channels;
    const int64_t in = w.in[0] * w.in[1], out = w.out[0] * w.out[1], kernel = w.k[0] * w.k[1];
    const bool back = p->out_slope != NULL;
    for (int64_t n = 0; n < filters; n++) {
        for (int64_t c = 0; c < depth; c++) {
            const int64_t x = (n / (filters / groups) * depth + c) * in;
            const int64_t k = (n * depth + c) * kernel, z = n * out;
            const plane one = {&w,
                               p->in + x,
                               p->weights + k,
                               back ? p->out_slope + z : NULL,
                               p->out + z,
                               back ? p->in_slope + x : NULL,
                               back ? p->weight_slope + k : NULL};
            slide(&one, tap);
        }
    }
}

static void conv_forward(const cnn_pass *p)
{
    const int64_t filters = p->layer->out.channels, all = cnn_volume(&p->layer->out);
    for (int64_t i = 0; i < all; i++) {
        p->out[i] = p->biases != NULL ? p->biases[i / (all / filters)] : 0;
    }
    each_plane(p, tap_forward);
}

static void conv_backward(const cnn_pass *p)
{
    const int64_t filters = p->layer->out.channels, all = cnn_volume(&p->layer->out);
    memset(p->in_slope, 0, (size_t)cnn_volume(&p->layer->in) * sizeof(double));
    memset(p->weight_slope, 0, (size_t)p->layer->weights * sizeof(double));
    each_plane(p, tap_backward);
    if (p->biases == NULL) {
        return;
    }
    memset(p->bias_slope, 0, (size_t)filters * sizeof(double));
    for (int64_t i = 0; i < all; i++) {
        p->bias_slope[i / (all / filters)] += p->out_slope[i];
    }
}

const cnn_rule cnn_rule_conv = {
    .formula = "{sum}_{c,u,v} {W}[n,c,u,v] * {in}[{c},{rows},{columns}]",
    .with_bias = " + {b}[n]",
    .in_formula =
        "{sum}_{n,i,j,u,v: {group}{rows}=h, {columns}=w} {dout}[n,i,j] * {W}[n,{local},u,v]",
    .weight_formula = "{sum}_{i,j} {dout}[n,i,j] * {in}[{c},{rows},{columns}]",
    .bias_formula = "{sum}_{i,j} {dout}[n,i,j]",
    .symbol = 'z',
    .indexed = true,
    .forward = conv_forward,
    .backward = conv_backward,
};
