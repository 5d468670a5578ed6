/*
 * Pooling: the largest or the mean of each window, and the mean of a whole channel.
 *
 * For out[o] the derivative by in[x] is 1 at the largest value of the window, 0 at the others; of a
 * mean it is 1/n at each of them, n being the taps that count (cnn_place_divisor).
 */
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

static void each_window(const cnn_pass *pass, cnn_visit *visit)
{
    const cnn_sliding w = cnn_sliding_of(pass->layer);
    const int64_t in = cnn_shape_positions(&pass->layer->in),
                  out = cnn_shape_positions(&pass->layer->out);
    const bool back = pass->out_slope != NULL;
    for (int64_t c = 0; c < pass->layer->in.channels; c++) {
        const plane p = {&w, pass->in + c * in, back ? pass->out_slope + c * out : NULL,
                         pass->out + c * out, back ? pass->in_slope + c * in : NULL};
        cnn_slide(&w, visit, &p);
    }
}

/* Slopes add up where windows overlap, and stay 0 where no window is. */
static void each_window_back(const cnn_pass *pass, cnn_visit *visit)
{
    memset(pass->in_slope, 0, (size_t)cnn_shape_values(&pass->layer->in) * sizeof(double));
    each_window(pass, visit);
}

/* Padding never wins; a window that has nothing else gives -infinity. */
static void max_windows(const void *user, const cnn_place *at, int64_t o, int64_t run)
{
    const plane *p = user;
    for (int64_t i = 0; i < run; i++) {
        const int64_t x = cnn_largest_tap(p->w, p->in + i * p->w->s[2], at);
        p->out[o + i] = x >= 0 ? p->in[x + i * p->w->s[2]] : (double)-INFINITY;
    }
}

/* The whole slope goes to the value that was chosen. */
static void max_windows_back(const void *user, const cnn_place *at, int64_t o, int64_t run)
{
    const plane *p = user;
    assert(p->out_slope != NULL);
    for (int64_t i = 0; i < run; i++) {
        const int64_t x = cnn_largest_tap(p->w, p->in + i * p->w->s[2], at);
        if (x >= 0) {
            p->in_slope[x + i * p->w->s[2]] += p->out_slope[o + i];
        }
    }
}

static void max_forward(const cnn_pass *p)
{
    each_window(p, max_windows);
}

static void max_backward(const cnn_pass *p)
{
    each_window_back(p, max_windows_back);
}

/* The place of the largest value in its window: each is a branch, where they are not too many. */
enum { PLACES = 256 };

static int64_t max_branch_count(const cnn_layer *layer)
{
    const cnn_sliding w = cnn_sliding_of(layer);
    int64_t places = 1;
    for (int32_t a = 0; a < CNN_AXES; a++) {
        const int64_t k = w.k[a] < PLACES ? w.k[a] : PLACES;
        places = places * k < PLACES ? places * k : PLACES;
    }
    return places;
}

typedef struct places {
    plane plane;
    bool *taken;
    int64_t count;
} places;

/* Marks the tap that won, by its number within the kernel; in a large kernel several share one. */
static void max_places(const void *user, const cnn_place *at, int64_t o, int64_t run)
{
    const places *p = user;
    const cnn_sliding *w = p->plane.w;
    (void)o;
    for (int64_t i = 0; i < run; i++) {
        const int64_t x = cnn_largest_tap(w, p->plane.in + i * w->s[2], at);
        const int64_t rest[CNN_AXES] = {x / w->in[2] / w->in[1], x / w->in[2] % w->in[1],
                                        x % w->in[2]};
        int64_t place = 0;
        for (int32_t a = 0; a < CNN_AXES; a++) {
            place = (place * w->k[a] + (rest[a] - at->origin[a]) / w->d[a]) % p->count;
        }
        if (x >= 0) {
            p->taken[place] = true;
        }
    }
}

static void max_branches(const cnn_pass *pass, bool *taken)
{
    const cnn_sliding w = cnn_sliding_of(pass->layer);
    const int64_t in = cnn_shape_positions(&pass->layer->in);
    for (int64_t c = 0; c < pass->layer->in.channels; c++) {
        const places p = {{.w = &w, .in = pass->in + c * in}, taken, max_branch_count(pass->layer)};
        cnn_slide(&w, max_places, &p);
    }
}

const cnn_rule cnn_rule_max = {
    .formula = "{max}_{{uv}} {in}[c,{window}]",
    .in_formula = "{sum}_{{ij}: ({hw}) is the first largest of window ({ij})} {dout}[c,{ij}]",
    .symbol = 'p',
    .indexed = true,
    .sliding = true,
    .cost = 1,
    .forward = max_forward,
    .backward = max_backward,
    .branch_count = max_branch_count,
    .branches = max_branches,
};

static double sum_of_window(const cnn_sliding *w, const double *in, const cnn_place *at)
{
    double sum = 0;
    for (int64_t t = at->first[0]; t < at->end[0]; t++) {
        for (int64_t u = at->first[1]; u < at->end[1]; u++) {
            const int64_t row = cnn_place_row(w, at, t, u);
            for (int64_t v = at->first[2]; v < at->end[2]; v++) {
                sum += in[row + v * w->d[2]];
            }
        }
    }
    return sum;
}

static void add_to_window(const cnn_sliding *w, double *in, const cnn_place *at, double part)
{
    for (int64_t t = at->first[0]; t < at->end[0]; t++) {
        for (int64_t u = at->first[1]; u < at->end[1]; u++) {
            const int64_t row = cnn_place_row(w, at, t, u);
            for (int64_t v = at->first[2]; v < at->end[2]; v++) {
                in[row + v * w->d[2]] += part;
            }
        }
    }
}

/* Windows whose taps lie in the map have the same divisor. */
static void mean_windows(const void *user, const cnn_place *at, int64_t o, int64_t run)
{
    const plane *p = user;
    const double divisor = cnn_place_divisor(p->w, at);
    for (int64_t i = 0; i < run; i++) {
        p->out[o + i] = sum_of_window(p->w, p->in + i * p->w->s[2], at) / divisor;
    }
}

/* Each value of a window gets the same part of its slope. */
static void mean_windows_back(const void *user, const cnn_place *at, int64_t o, int64_t run)
{
    const plane *p = user;
    assert(p->out_slope != NULL);
    const double divisor = cnn_place_divisor(p->w, at);
    for (int64_t i = 0; i < run; i++) {
        add_to_window(p->w, p->in_slope + i * p->w->s[2], at, p->out_slope[o + i] / divisor);
    }
}

static void mean_forward(const cnn_pass *p)
{
    each_window(p, mean_windows);
}

static void mean_backward(const cnn_pass *p)
{
    each_window_back(p, mean_windows_back);
}

const cnn_rule cnn_rule_mean = {
    .formula = "1/{n} * {sum}_{{uv}} {in}[c,{window}]",
    .in_formula = "{sum}_{{ij},{uv}: {meets}} 1/{n} * {dout}[c,{ij}]",
    .symbol = 'p',
    .indexed = true,
    .sliding = true,
    .cost = 1,
    .forward = mean_forward,
    .backward = mean_backward,
};

static void mean_all_forward(const cnn_pass *p)
{
    const int64_t channels = p->layer->in.channels, positions = cnn_shape_positions(&p->layer->in);
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
    /* dp_c/dx_{c,i} = 1/positions */
    const int64_t all = cnn_shape_values(&p->layer->in), positions = all / p->layer->in.channels;
    for (int64_t i = 0; i < all; i++) {
        p->in_slope[i] = p->out_slope[i / positions] / (double)positions;
    }
}

const cnn_rule cnn_rule_mean_all = {
    .formula = "1/{positions} * {sum}_{{hw}} {in}[c,{hw}]",
    .in_formula = "1/{positions} * {dout}[c]",
    .symbol = 'p',
    .indexed = true,
    .cost = 1,
    .forward = mean_all_forward,
    .backward = mean_all_backward,
};
