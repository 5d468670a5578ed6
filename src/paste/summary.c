/*
 * Summaries that frameworks print, as answers about a network: Keras 2 and 3, torchsummary,
 * torchinfo. Every row has an output and a number of parameters; Keras counts the statistics of
 * norms among them, the others do not.
 */
#include "base/checked.h"
#include "base/shape_text.h"
#include "paste/flow.h"
#include "paste/recognise.h"

/* Which cells of a row, after its name, hold what is compared. */
typedef struct columns {
    int32_t output, params;
} columns;

typedef struct summary_row {
    cnn_text name;
    cnn_shape shape;
    int64_t params;
    bool keras;
} summary_row;

typedef struct judge {
    const cnn_network *net;
    cnn_out out;
    int32_t at; /* the next layer that has not been compared */
    int32_t right, wrong;
} judge;

/* ---- reading ---- */

/* Digits with commas between; *at moves on. False: there is no number. */
static bool number(cnn_text text, size_t *at, int64_t *out)
{
    bool any = false;
    *out = 0;
    while (*at < text.size &&
           (cnn_is_digit(text.data[*at]) || (any && text.data[*at] == ',' && *at + 1 < text.size &&
                                             cnn_is_digit(text.data[*at + 1])))) {
        const char c = text.data[(*at)++];
        if (c == ',') {
            continue;
        }
        any = true;
        if (!cnn_checked_mul(*out, 10, out) || !cnn_checked_add(*out, c - '0', out)) {
            return false;
        }
    }
    return any;
}

/* "(None, 26, 26, 24)" and "[-1, 6, 28, 28]": the batch first. */
static bool read_shape(cnn_text line, size_t *at, summary_row *row)
{
    int64_t axis[CNN_AXES + 1];
    int32_t count = 0;
    for (; *at < line.size; ++*at) {
        row->keras = cnn_word_begins(cnn_text_skip(line, *at), "(None");
        const bool square = line.data[*at] == '[' && *at + 1 < line.size &&
                            (line.data[*at + 1] == '-' || cnn_is_digit(line.data[*at + 1]));
        if (row->keras || square) {
            break;
        }
    }
    while (*at < line.size && line.data[*at] != ',') {
        ++*at; /* the batch */
    }
    while (*at < line.size && line.data[*at] != ')' && line.data[*at] != ']') {
        if (cnn_is_digit(line.data[*at])) {
            size_t end = *at;
            int64_t n = 0;
            while (end < line.size && cnn_is_digit(line.data[end]) && n < INT64_MAX / 20) {
                n = n * 10 + (line.data[end++] - '0');
            }
            if (count > CNN_AXES) {
                return false;
            }
            axis[count++] = n;
            *at = end;
        } else {
            ++*at;
        }
    }
    if (count == 0 || *at >= line.size) {
        return false;
    }
    /* Keras has the channels last. */
    row->shape = (cnn_shape){.channels = axis[row->keras ? count - 1 : 0], .axes = count - 1};
    for (int32_t i = 0; i + 1 < count; i++) {
        row->shape.side[i] = axis[row->keras ? i : i + 1];
    }
    return true;
}

/* The word at the front, Conv2d-1 or Conv2d (conv1): 1-1; Keras has a name first, and the kind as
 * the last word with a capital. */
static cnn_text kind_of(const summary_row *row)
{
    const cnn_text line = row->name;
    size_t best = 0, size = 0;
    for (size_t i = 0; i < line.size && (row->keras || size == 0); i++) {
        size_t end = i;
        while (end < line.size && (cnn_is_letter(line.data[end]) || cnn_is_digit(line.data[end]))) {
            end++;
        }
        if (end > i && line.data[i] >= 'A' && line.data[i] <= 'Z') {
            best = i;
            size = end - i;
        }
        i = end > i ? end : i;
    }
    return (cnn_text){line.data + best, size};
}

/* Without the lines that tables and trees are drawn with. */
static cnn_text without_boxes(cnn_text text)
{
    while (text.size > 0 && ((text.data[0] & 0x80) != 0 || text.data[0] == ' ')) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && ((text.data[text.size - 1] & 0x80) != 0 ||
                             strchr(" \t:", text.data[text.size - 1]) != NULL)) {
        text.size--;
    }
    return text;
}

static size_t place_of(cnn_text line, const char *title)
{
    size_t at = 0;
    while (at < line.size && !cnn_word_begins(cnn_text_skip(line, at), title)) {
        at++;
    }
    return at;
}

/* How many titles precede this one. */
static int32_t titles_before(cnn_text line, const char *title)
{
    static const char *const titles[] = {"Input Shape",  "Output Shape", "Param #",   "Param %",
                                         "Kernel Shape", "Groups",       "Mult-Adds", "Trainable"};
    const size_t end = place_of(line, title);
    int32_t count = 0;
    for (size_t i = 0; i < CNN_LENGTH(titles); i++) {
        count += place_of(line, titles[i]) < end;
    }
    return count;
}

/* The line of the titles, Layer (type) and so on: torchinfo has the columns that it is told. */
static bool read_titles(cnn_text line, columns *out)
{
    if (place_of(line, "Layer (type") == line.size || place_of(line, "Output Shape") == line.size) {
        return false;
    }
    *out = (columns){titles_before(line, "Output Shape"), titles_before(line, "Param #")};
    return true;
}

/* A word, or all that is in brackets. */
static cnn_text next_cell(cnn_text line, size_t *at)
{
    int32_t depth = 0;
    while (*at < line.size && (line.data[*at] == ' ' || (line.data[*at] & 0x80) != 0)) {
        ++*at; /* blanks, and the lines of a table */
    }
    const size_t begin = *at;
    for (; *at < line.size; ++*at) {
        const char c = line.data[*at];
        depth += (c == '[' || c == '(') - (c == ']' || c == ')');
        if (depth <= 0 && (c == ' ' || (c & 0x80) != 0)) {
            break;
        }
    }
    return (cnn_text){line.data + begin, *at - begin};
}

static bool read_row(cnn_text line, columns where, summary_row *row)
{
    size_t at = 0;
    bool found = false;
    *row = (summary_row){0};
    for (; at < line.size; at++) {
        if (cnn_word_begins(cnn_text_skip(line, at), "(None") || line.data[at] == '[') {
            break;
        }
    }
    row->name = without_boxes((cnn_text){line.data, at});
    for (int32_t i = 0; at < line.size; i++) {
        const cnn_text cell = next_cell(line, &at);
        size_t from = 0;
        found = i == where.output ? read_shape(cell, &from, row) : found;
        from = 0;
        if (i == where.params) { /* torchinfo prints "--" for no parameters */
            (void)number(cell, &from, &row->params);
        }
    }
    return found;
}

/* ---- judging ---- */

/* The layers that one row is about: those of one module have one place. */
static int32_t group_end(const cnn_network *net, int32_t first)
{
    int32_t end = first + 1;
    const cnn_span span = net->layers[first].span;
    while (end < net->layer_count && net->layers[end].span.begin == span.begin &&
           net->layers[end].span.end == span.end && net->layers[end].path == NULL) {
        end++;
    }
    while (end < net->layer_count && net->layers[end].span.begin == span.begin &&
           net->layers[end].span.end == span.end) {
        end++;
    }
    return end;
}

static void tell(judge *j, cnn_text name, bool right)
{
    j->right += right;
    j->wrong += !right;
    cnn_out_string(&j->out, right ? "+ right    " : "- wrong    ");
    cnn_out_text(&j->out, name);
}

/* Rows of containers and inputs are passed over: they have no layer. `next`: the text after the
 * row's line, where Keras 3 has the kind if the name is long. */
static bool is_layer(const summary_row *row, cnn_text next)
{
    const cnn_text kind = kind_of(row);
    const cnn_text below = without_boxes(cnn_text_split(&next, '\n'));
    int32_t axes;
    return !cnn_word_begins(kind, "Input") && !(row->keras && cnn_word_begins(below, "(Input")) &&
           (row->keras || /* whose names may be cut off */
            cnn_row_find(&cnn_torch_rows, kind, &axes) != NULL ||
            cnn_row_find(&cnn_keras_rows, kind, &axes) != NULL);
}

static void judge_row(judge *j, const summary_row *row)
{
    const cnn_network *net = j->net;
    /* In PyTorch only modules have rows, which have paths; functions have none. */
    while (!row->keras && j->at < net->layer_count && net->layers[j->at].path == NULL) {
        j->at++;
    }
    if (j->at >= net->layer_count) {
        tell(j, row->name, false);
        cnn_out_string(&j->out, ": the network has no further layer\n");
        return;
    }
    const int32_t end = group_end(net, j->at);
    int64_t params = 0;
    for (int32_t i = j->at; i < end; i++) {
        params += net->layers[i].weights + net->layers[i].biases +
                  (row->keras ? net->layers[i].statistics : 0);
    }
    const cnn_shape *shape = &net->layers[end - 1].out;
    const bool size = cnn_tensors_alike(shape, &row->shape), count = params == row->params;
    tell(j, row->name, size && count);
    if (!size) {
        cnn_out_string(&j->out, ": the output is ");
        cnn_out_shape(&j->out, shape);
        cnn_out_string(&j->out, ", not ");
        cnn_out_shape(&j->out, &row->shape);
    }
    if (!count) {
        cnn_out_string(&j->out, size ? ": " : "; ");
        cnn_out_grouped(&j->out, params);
        cnn_out_string(&j->out, " parameters, not ");
        cnn_out_grouped(&j->out, row->params);
    }
    cnn_out_char(&j->out, '\n');
    j->at = end;
}

/* "Total params: 17,690"; Keras' total has the statistics in it. */
static bool judge_total(judge *j, cnn_text line, bool keras)
{
    static const char *const words[] = {
        "Total params:", "Trainable params:", "Non-trainable params:"};
    const cnn_totals *t = &j->net->totals;
    const int64_t right[] = {t->params + (keras ? t->statistics : 0), t->params,
                             keras ? t->statistics : 0};
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        if (!cnn_word_begins(line, words[i])) {
            continue;
        }
        size_t at = strlen(words[i]);
        int64_t n;
        while (at < line.size && line.data[at] == ' ') {
            at++;
        }
        if (!number(line, &at, &n)) {
            return false;
        }
        tell(j, (cnn_text){line.data, strlen(words[i]) - 1}, n == right[i]);
        if (n != right[i]) {
            cnn_out_string(&j->out, ": ");
            cnn_out_grouped(&j->out, right[i]);
            cnn_out_string(&j->out, ", not ");
            cnn_out_grouped(&j->out, n);
        }
        cnn_out_char(&j->out, '\n');
        return true;
    }
    return false;
}

bool cnn_summary_recognise(cnn_text text)
{
    for (int32_t i = 0; i < 12 && text.size > 0; i++) {
        const cnn_text line = cnn_text_split(&text, '\n');
        for (size_t at = 0; at < line.size; at++) {
            if (line.data[at] == 'L' && cnn_word_begins(cnn_text_skip(line, at), "Layer (type") &&
                at + 11 < line.size) {
                return true;
            }
        }
    }
    return false;
}

/* Alone it builds no network: what it counts is told, and what to do with it. */
bool cnn_dialect_read_summary(cnn_paster *p)
{
    cnn_text rest = p->text;
    int64_t params = 0, layers = 0;
    columns where = {0, 1};
    bool keras = false;
    while (rest.size > 0) {
        const cnn_text line = cnn_text_trim(cnn_text_split(&rest, '\n'));
        summary_row row;
        if (!read_titles(line, &where) && read_row(line, where, &row) && is_layer(&row, rest)) {
            keras |= row.keras;
            layers++;
            if (!cnn_checked_add(params, row.params, &params)) {
                return cnn_paste_fail(p, CNN_E_OVERFLOW, (cnn_span){0, 0}, cnn_text_of("the total"),
                                      (cnn_text){0});
            }
        }
    }
    return cnn_fail_numbers(p->err, keras ? CNN_E_PASTE_SUMMARY_KERAS : CNN_E_PASTE_SUMMARY,
                            (cnn_span){0, 0}, params, layers);
}

bool cnn_summary_check(const cnn_network *net, cnn_text text, cnn_writer *to, bool *all_right,
                       cnn_error *err)
{
    judge j = {.net = net, .at = 1};
    columns where = {0, 1};
    bool keras = false;
    cnn_out_open(&j.out, to);
    while (text.size > 0) {
        const cnn_text line = cnn_text_trim(cnn_text_split(&text, '\n'));
        summary_row row;
        if (line.size == 0 || read_titles(line, &where) || judge_total(&j, line, keras)) {
            continue;
        }
        if (read_row(line, where, &row) && is_layer(&row, text)) {
            keras = row.keras;
            judge_row(&j, &row);
        }
    }
    cnn_out_char(&j.out, '\n');
    cnn_out_int(&j.out, j.right + j.wrong);
    cnn_out_string(&j.out, " answers: ");
    cnn_out_int(&j.out, j.right);
    cnn_out_string(&j.out, " right, ");
    cnn_out_int(&j.out, j.wrong);
    cnn_out_string(&j.out, " wrong\n");
    *all_right = j.wrong == 0 && j.right > 0;
    return cnn_out_close(&j.out) || cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
}
