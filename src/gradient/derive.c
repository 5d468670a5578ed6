/* Lines come from the rules' templates; the names and index expressions are filled in here. */
#include "gradient/derive.h"

#include <assert.h>
#include <string.h>

#include "base/checked.h"
#include "gradient/double.h"
#include "gradient/indices.h"

/* ---- which line follows which ---- */

static cnn_line line_of(const cnn_chain *chain, int32_t quantity, bool slope, const char *first,
                        const char *second, const cnn_link *step)
{
    /* A line without `what` is absent: a layer without biases has none for them. */
    return (cnn_line){cnn_link_value(chain, quantity), slope, first, second, step};
}

bool cnn_derive_forward(const cnn_chain *chain, int32_t index, cnn_line *line)
{
    if (index < chain->step_count) {
        const cnn_link *step = &chain->steps[index];
        const char *bias = step->biases >= 0 ? step->rule->with_bias : "";
        *line = line_of(chain, step->out, false, step->rule->formula, bias, step);
    } else {
        *line = line_of(chain, chain->loss_at, false, chain->loss->formula, "", NULL);
    }
    return index <= chain->step_count;
}

/* The loss gives one line; each step three, of which some are absent. */
bool cnn_derive_backward(const cnn_chain *chain, int32_t index, cnn_line *line)
{
    if (index == 0) {
        *line = line_of(chain, chain->output, true, chain->loss->slope_formula, "", NULL);
        return true;
    }
    const int32_t back = (index - 1) / 3;
    if (back >= chain->step_count) {
        return false;
    }
    const cnn_link *step = &chain->steps[chain->step_count - 1 - back];
    const struct {
        int32_t quantity;
        const char *formula;
    } lines[] = {{step->weights, step->rule->weight_formula},
                 {step->biases, step->rule->bias_formula},
                 {step->in, step->rule->in_formula}};
    const int32_t i = (index - 1) % 3;
    *line = line_of(chain, lines[i].quantity, true, lines[i].formula, "", step);
    return true;
}

/* The inverse of the two functions above: the index of the line that gives `what`. */
bool cnn_derive_find(const cnn_chain *chain, const cnn_value *what, bool slope, cnn_line *line)
{
    const bool weights = what->role == CNN_VALUE_WEIGHTS, biases = what->role == CNN_VALUE_BIASES;
    int32_t index = what->role == CNN_VALUE_LOSS ? chain->step_count : what->step;
    if (slope) {
        /* the step of weights and biases, or the one that takes a value */
        const int32_t step = weights || biases ? what->step : what->step + 1;
        const int32_t back = chain->step_count - 1 - step;
        index = back < 0 ? 0 : 1 + 3 * back + (weights ? 0 : biases ? 1 : 2);
    }
    const bool given = slope ? what->role == CNN_VALUE_TARGET || what->role == CNN_VALUE_LOSS
                             : what->role != CNN_VALUE_OUTPUT && what->role != CNN_VALUE_LOSS;
    return !given && (slope ? cnn_derive_backward : cnn_derive_forward)(chain, index, line) &&
           line->what == what;
}

/* ---- notations ---- */

static void text_name(cnn_out *out, const cnn_value *q, bool slope)
{
    cnn_out_string(out, slope ? "dl/d" : "");
    cnn_out_string(out, q->name);
}

static void latex_name(cnn_out *out, const cnn_value *q, bool slope)
{
    cnn_out_string(out, slope ? "\\frac{\\partial l}{\\partial " : "");
    cnn_out_char(out, q->symbol);
    if (q->number >= 0) {
        cnn_out_string(out, "_{");
        cnn_out_int(out, q->number);
        if (q->repeat > 1) {
            cnn_out_char(out, ',');
            cnn_out_int(out, q->repeat);
        }
        cnn_out_char(out, '}');
    }
    cnn_out_string(out, slope ? "}" : "");
}

const cnn_notation cnn_notation_text = {text_name, "sum", "max", "*"};
const cnn_notation cnn_notation_latex = {latex_name, "\\sum", "\\max", "\\,"};

/* ---- index expressions ---- */

/* s i + d u - p: the input row (column) of tap u (v) at output position i (j). */
static void put_position(cnn_out *out, const cnn_layer *layer, int32_t axis)
{
    const int64_t s = layer->attrs->value[CNN_STRIDE][axis];
    const int64_t d = layer->attrs->value[CNN_DILATION][axis], p = layer->pad_low[axis];
    if (s != 1) {
        cnn_out_int(out, s);
    }
    cnn_out_char(out, CNN_INDEX_POSITIONS[axis]);
    cnn_out_char(out, '+');
    if (d != 1) {
        cnn_out_int(out, d);
    }
    cnn_out_char(out, CNN_INDEX_PLACES[axis]);
    if (p != 0) {
        cnn_out_char(out, '-');
        cnn_out_int(out, p);
    }
}

static void put_window(cnn_out *out, const cnn_layer *layer)
{
    for (int32_t i = 0; i < layer->in.axes; i++) {
        cnn_out_string(out, i > 0 ? "," : "");
        put_position(out, layer, i);
    }
}

/* Of a convolution's gradient: the taps that meet input position (h,w). */
static void put_meeting(cnn_out *out, const cnn_layer *layer)
{
    for (int32_t i = 0; i < layer->in.axes; i++) {
        cnn_out_string(out, i > 0 ? ", " : "");
        put_position(out, layer, i);
        cnn_out_char(out, '=');
        cnn_out_char(out, CNN_INDEX_INPUTS[i]);
    }
}

static void put_letters(cnn_out *out, const cnn_layer *layer, const char *letters)
{
    for (int32_t i = 0; i < layer->in.axes; i++) {
        cnn_out_string(out, i > 0 ? "," : "");
        cnn_out_char(out, letters[i]);
    }
}

static void put_positions(cnn_out *out, const cnn_layer *layer)
{
    put_letters(out, layer, CNN_INDEX_POSITIONS);
}

static void put_places(cnn_out *out, const cnn_layer *layer)
{
    put_letters(out, layer, CNN_INDEX_PLACES);
}

static void put_inputs(cnn_out *out, const cnn_layer *layer)
{
    put_letters(out, layer, CNN_INDEX_INPUTS);
}

/* floor(n/per), or n itself. */
static void put_group(cnn_out *out, char index, int64_t per)
{
    if (per == 1) {
        cnn_out_char(out, index);
        return;
    }
    cnn_out_string(out, "floor(");
    cnn_out_char(out, index);
    cnn_out_char(out, '/');
    cnn_out_int(out, per);
    cnn_out_char(out, ')');
}

/* The input channel that slice c of filter n meets. */
static void put_channel(cnn_out *out, const cnn_layer *layer)
{
    const int64_t groups = cnn_groups(layer), depth = layer->in.channels / groups;
    if (groups == 1) {
        cnn_out_char(out, 'c');
        return;
    }
    if (depth > 1) {
        cnn_out_int(out, depth);
        cnn_out_char(out, '*');
    }
    put_group(out, 'n', layer->out.channels / groups);
    cnn_out_string(out, depth > 1 ? "+c" : "");
}

/* Of a grouped convolution: filter n and input channel c belong together. */
static void put_same_group(cnn_out *out, const cnn_layer *layer)
{
    const int64_t groups = cnn_groups(layer);
    if (groups > 1) {
        put_group(out, 'n', layer->out.channels / groups);
        cnn_out_char(out, '=');
        put_group(out, 'c', layer->in.channels / groups);
        cnn_out_string(out, ", ");
    }
}

/* The slice of a filter that meets input channel c. */
static void put_slice(cnn_out *out, const cnn_layer *layer)
{
    const int64_t groups = cnn_groups(layer), depth = layer->in.channels / groups;
    cnn_out_char(out, groups > 1 && depth == 1 ? '0' : 'c');
    if (groups > 1 && depth > 1) {
        cnn_out_string(out, " mod ");
        cnn_out_int(out, depth);
    }
}

/* What a mean divides by: the taps of the window, where it is one number. A window that is cut
 * off at the far side because the size was rounded up has fewer. */
static void put_taps(cnn_out *out, const cnn_layer *layer)
{
    bool exact = true;
    int64_t taps = 1;
    for (int32_t i = 0; i < layer->in.axes; i++) {
        const int64_t k = layer->attrs->value[CNN_SIZE][i];
        /* from the first window's first tap to the last window's last tap */
        const int64_t reach = (layer->out.side[i] - 1) * layer->attrs->value[CNN_STRIDE][i] +
                              layer->attrs->value[CNN_DILATION][i] * (k - 1);
        const int64_t side = layer->in.side[i] + layer->pad_low[i] + layer->pad_high[i];
        exact = exact && reach < side && cnn_checked_mul(taps, k, &taps);
    }
    if (!exact) {
        cnn_out_string(out, "taps(");
        put_positions(out, layer);
        cnn_out_char(out, ')');
    } else {
        cnn_out_int(out, taps);
    }
}

/* What a global mean divides by. */
static void put_count(cnn_out *out, const cnn_layer *layer)
{
    cnn_out_int(out, cnn_shape_values(&layer->in) / layer->in.channels);
}

static void put_kind(cnn_out *out, const cnn_layer *layer)
{
    cnn_out_string(out, layer->op->name);
}

static const struct {
    const char *word;
    void (*put)(cnn_out *out, const cnn_layer *layer);
} expressions[] = {
    {"op", put_kind},       {"c", put_channel}, {"group", put_same_group}, {"local", put_slice},
    {"ij", put_positions},  {"uv", put_places}, {"hw", put_inputs},        {"window", put_window},
    {"meets", put_meeting}, {"n", put_taps},    {"positions", put_count},
};

/* ---- templates ---- */

/* -1: the word is no value of the step. The loss has no step, and no value but the output. */
static int32_t quantity_of(const cnn_chain *chain, const cnn_link *step, cnn_text word)
{
    const struct {
        const char *word;
        int32_t quantity;
    } names[] = {
        {"in", step != NULL ? step->in : -1},
        {"out", step != NULL ? step->out : chain->output},
        {"W", step != NULL ? step->weights : -1},
        {"b", step != NULL ? step->biases : -1},
        {"dout", step != NULL ? step->out : chain->output},
    };
    for (size_t i = 0; i < CNN_LENGTH(names); i++) {
        if (cnn_text_is(word, names[i].word)) {
            return names[i].quantity;
        }
    }
    return -1;
}

static void put_word(cnn_out *out, const cnn_chain *chain, const cnn_line *line, cnn_text word,
                     const cnn_notation *notation)
{
    const int32_t quantity = quantity_of(chain, line->step, word);
    if (quantity >= 0) {
        notation->name(out, &chain->quantities[quantity], word.data[0] == 'd');
        return;
    }
    if (cnn_text_is(word, "sum") || cnn_text_is(word, "max")) {
        cnn_out_string(out, cnn_text_is(word, "sum") ? notation->sum : notation->largest);
        return;
    }
    if (cnn_text_is(word, "count")) {
        cnn_out_int(out, cnn_dims_count(&chain->quantities[chain->output].dims));
        return;
    }
    assert(line->step != NULL); /* the formulas of losses have nothing else */
    for (size_t i = 0; i < CNN_LENGTH(expressions); i++) {
        if (cnn_text_is(word, expressions[i].word)) {
            expressions[i].put(out, line->step->layer);
            return;
        }
    }
    /* Not a placeholder: the indices of a sum, which may hold placeholders themselves. */
    cnn_out_char(out, '{');
    cnn_out_text(out, word);
    cnn_out_char(out, '}');
}

static void put_template(cnn_out *out, const cnn_chain *chain, const cnn_line *line,
                         const char *template, const cnn_notation *notation)
{
    for (const char *p = template; *p != '\0'; p++) {
        /* only innermost braces hold a word: the outer ones of "_{{ij}}" are copied */
        if (*p == '{' && p[1 + strcspn(p + 1, "{}")] == '}') {
            const cnn_text word = {p + 1, strcspn(p + 1, "{}")};
            put_word(out, chain, line, word, notation);
            p += word.size + 1;
        } else if (*p == '*' && line->step != NULL && line->step->rule->indexed) {
            cnn_out_string(out, notation->times);
        } else {
            cnn_out_char(out, *p);
        }
    }
}

void cnn_out_line(cnn_out *out, const cnn_chain *chain, const cnn_line *line,
                  const cnn_notation *notation)
{
    const bool scaled = line->step == NULL && chain->scale != 1;
    if (scaled) {
        cnn_out_double(out, chain->scale);
        cnn_out_string(out, " * (");
    }
    put_template(out, chain, line, line->first, notation);
    put_template(out, chain, line, line->second, notation);
    cnn_out_string(out, scaled ? ")" : "");
}

/* What is left of a text that is compared with another, without blanks. */
typedef struct rest {
    cnn_text text;
    bool same;
} rest;

/* Both sides without their blanks; stops the writing at the first difference. */
static bool compare(void *user, const char *data, size_t size)
{
    rest *r = user;
    for (size_t i = 0; i < size && r->same; i++) {
        if (data[i] == ' ') {
            continue;
        }
        while (r->text.size > 0 && r->text.data[0] == ' ') {
            r->text = cnn_text_skip(r->text, 1);
        }
        r->same = r->text.size > 0 && r->text.data[0] == data[i];
        if (r->same) {
            r->text = cnn_text_skip(r->text, 1);
        }
    }
    return r->same;
}

/* Compares while the line is written, so that it needs no memory. */
bool cnn_line_is(const cnn_chain *chain, const cnn_line *line, cnn_text formula)
{
    rest r = {cnn_text_trim(formula), true};
    cnn_writer to = {compare, &r};
    cnn_out out;
    cnn_out_open(&out, &to);
    cnn_out_line(&out, chain, line, &cnn_notation_text);
    return cnn_out_close(&out) && r.text.size == 0;
}

void cnn_out_dims(cnn_out *out, const cnn_chain *chain, const cnn_value *q, const char *separator)
{
    const cnn_layer *layer = q->role == CNN_VALUE_WEIGHTS ? chain->steps[q->step].layer : NULL;
    const bool filters = layer != NULL && chain->steps[q->step].rule->indexed;
    cnn_out_int(out, q->dims.map.axes > 0 ? q->dims.map.channels : q->dims.rows);
    if (filters) {
        cnn_out_string(out, separator);
        cnn_out_int(out, layer->in.channels / cnn_groups(layer));
    } else if (layer != NULL) {
        cnn_out_string(out, separator);
        cnn_out_int(out, q->dims.columns);
    }
    for (int32_t i = 0; i < (filters ? layer->in.axes : q->dims.map.axes); i++) {
        cnn_out_string(out, separator);
        cnn_out_int(out, filters ? layer->attrs->value[CNN_SIZE][i] : q->dims.map.side[i]);
    }
}
