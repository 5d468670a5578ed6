/* Convolution, as the books on deep learning call it: the filter is not turned round. */
#include <assert.h>
#include <string.h>

#include "gradient/sliding.h"

/* Output positions whose sums are formed at the same time. */
enum { ABREAST = 4 };

/* One filter slice on one channel, and their slopes. */
typedef struct plane {
    const cnn_sliding *w;
    const double *in, *weights, *out_slope;
    double *out, *in_slope, *weight_slope;
} plane;

/* out[i,j] += sum_{u,v} weights[u,v] in[s i + d u - p, s j + d v - p] for `count` positions in a
 * row. Their sums are independent, so that the processor forms several at a time. */
static inline void add_taps(const plane *p, const cnn_place *at, int64_t shift, double *out,
                            const int64_t count)
{
    const int64_t d = p->w->d[2], s = p->w->s[2];
    double sum[ABREAST] = {0};
    for (int64_t t = at->first[0]; t < at->end[0]; t++) {
        for (int64_t u = at->first[1]; u < at->end[1]; u++) {
            const double *in = p->in + cnn_place_row(p->w, at, t, u) + shift * s;
            const double *weights = p->weights + cnn_kernel_row(p->w, t, u);
            for (int64_t v = at->first[2]; v < at->end[2]; v++) {
                for (int64_t i = 0; i < count; i++) {
                    sum[i] += weights[v] * in[v * d + i * s];
                }
            }
        }
    }
    for (int64_t i = 0; i < count; i++) {
        out[i] += sum[i];
    }
}

static void taps_forward(const void *user, const cnn_place *at, int64_t o, int64_t run)
{
    const plane *p = user;
    int64_t i = 0;
    for (; i + ABREAST <= run; i += ABREAST) {
        add_taps(p, at, i, p->out + o + i, ABREAST);
    }
    for (; i < run; i++) {
        add_taps(p, at, i, p->out + o + i, 1);
    }
}

/* Each use of a weight w for an input x: dl/dw += dl/dz x,  dl/dx += dl/dz w */
static void use_taps(const plane *p, const cnn_place *at, int64_t shift, double slope)
{
    for (int64_t t = at->first[0]; t < at->end[0]; t++) {
        for (int64_t u = at->first[1]; u < at->end[1]; u++) {
            const int64_t row = cnn_place_row(p->w, at, t, u) + shift * p->w->s[2];
            const int64_t k = cnn_kernel_row(p->w, t, u);
            for (int64_t v = at->first[2]; v < at->end[2]; v++) {
                const int64_t x = row + v * p->w->d[2];
                p->weight_slope[k + v] += slope * p->in[x];
                p->in_slope[x] += slope * p->weights[k + v];
            }
        }
    }
}

static void taps_backward(const void *user, const cnn_place *at, int64_t o, int64_t run)
{
    const plane *p = user;
    assert(p->out_slope != NULL);
    for (int64_t i = 0; i < run; i++) {
        use_taps(p, at, i, p->out_slope[o + i]);
    }
}

/* Every filter meets the channels of its group. */
static void each_plane(const cnn_pass *p, cnn_visit *tap)
{
    const cnn_sliding w = cnn_sliding_of(p->layer);
    const int64_t groups = cnn_groups(p->layer);
    const int64_t depth = p->layer->in.channels / groups, filters = p->layer->out.channels;
    const int64_t in = cnn_shape_positions(&p->layer->in),
                  out = cnn_shape_positions(&p->layer->out);
    const int64_t kernel = w.k[0] * w.k[1] * w.k[2];
    const bool back = p->out_slope != NULL;
    for (int64_t n = 0; n < filters; n++) {
        for (int64_t c = 0; c < depth; c++) {
            /* where the channel, the filter's slice and the output's map begin */
            const int64_t x = (n / (filters / groups) * depth + c) * in;
            const int64_t k = (n * depth + c) * kernel, z = n * out;
            const plane one = {&w,
                               p->in + x,
                               p->weights + k,
                               back ? p->out_slope + z : NULL,
                               p->out + z,
                               back ? p->in_slope + x : NULL,
                               back ? p->weight_slope + k : NULL};
            cnn_slide(&w, tap, &one);
        }
    }
}

/* Starts with the bias everywhere, to which each plane is added. */
static void conv_forward(const cnn_pass *p)
{
    const int64_t filters = p->layer->out.channels, all = cnn_shape_values(&p->layer->out);
    for (int64_t i = 0; i < all; i++) {
        p->out[i] = p->biases != NULL ? p->biases[i / (all / filters)] : 0;
    }
    each_plane(p, taps_forward);
}

static void conv_backward(const cnn_pass *p)
{
    const int64_t filters = p->layer->out.channels, all = cnn_shape_values(&p->layer->out);
    memset(p->in_slope, 0, (size_t)cnn_shape_values(&p->layer->in) * sizeof(double));
    memset(p->weight_slope, 0, (size_t)p->layer->weights * sizeof(double));
    each_plane(p, taps_backward);
    if (p->biases == NULL) {
        return;
    }
    memset(p->bias_slope, 0, (size_t)filters * sizeof(double));
    for (int64_t i = 0; i < all; i++) {
        p->bias_slope[i / (all / filters)] += p->out_slope[i];
    }
}

const cnn_rule cnn_rule_conv = {
    .formula = "{sum}_{c,{uv}} {W}[n,c,{uv}] * {in}[{c},{window}]",
    .with_bias = " + {b}[n]",
    .in_formula = "{sum}_{n,{ij},{uv}: {group}{meets}} {dout}[n,{ij}] * {W}[n,{local},{uv}]",
    .weight_formula = "{sum}_{{ij}} {dout}[n,{ij}] * {in}[{c},{window}]",
    .bias_formula = "{sum}_{{ij}} {dout}[n,{ij}]",
    .symbol = 'z',
    .indexed = true,
    .sliding = true,
    .forward = conv_forward,
    .backward = conv_backward,
};
