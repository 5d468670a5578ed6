/*
 * Summaries that frameworks print, as answers about a network: Keras 2 and 3, torchsummary,
 * torchinfo. Every row has an output and a number of parameters; Keras counts the statistics of
 * norms among them, the others do not.
 */
#include "paste/summary.h"
#include "base/checked.h"
#include "base/shape_text.h"
#include "paste/flow.h"
#include "paste/recognise.h"

bool cnn_summary_number(cnn_text text, size_t *at, int64_t *out)
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
static bool read_shape(cnn_text line, size_t *at, cnn_summary_row *row)
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
static cnn_text kind_of(const cnn_summary_row *row)
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
static bool read_titles(cnn_text line, cnn_summary_columns *out)
{
    if (place_of(line, "Layer (type") == line.size || place_of(line, "Output Shape") == line.size) {
        return false;
    }
    *out =
        (cnn_summary_columns){titles_before(line, "Output Shape"), titles_before(line, "Param #")};
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

static bool read_row(cnn_text line, cnn_summary_columns where, cnn_summary_row *row)
{
    size_t at = 0;
    bool found = false;
    *row = (cnn_summary_row){0};
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
            (void)cnn_summary_number(cell, &from, &row->params);
        }
    }
    return found;
}

/* Whether the row, or the line below where Keras 3 has the kind if the name is long, names one of
 * these kinds. */
static bool is_kind(const cnn_summary_row *row, cnn_text next, const char *const *kinds,
                    size_t count)
{
    const cnn_text kind = kind_of(row);
    const cnn_text below = without_boxes(cnn_text_split(&next, '\n'));
    for (size_t i = 0; i < count; i++) {
        if (cnn_word_begins(kind, kinds[i]) ||
            (row->keras && cnn_word_begins(below, "(") &&
             cnn_word_begins(cnn_text_skip(below, 1), kinds[i]))) {
            return true;
        }
    }
    return false;
}

/* Rows of inputs are passed over, and of containers but for Keras' models: they have no layer. */
static bool is_layer(const cnn_summary_row *row, cnn_text next)
{
    static const char *const inputs[] = {"Input"};
    int32_t axes;
    return !is_kind(row, next, inputs, CNN_LENGTH(inputs)) &&
           (row->keras || /* whose names may be cut off */
            cnn_row_find(&cnn_torch_rows, kind_of(row), &axes) != NULL ||
            cnn_row_find(&cnn_keras_rows, kind_of(row), &axes) != NULL);
}

bool cnn_summary_is_model(const cnn_summary_row *row, cnn_text next)
{
    static const char *const models[] = {"Sequential", "Functional", "Model"};
    return row->keras && is_kind(row, next, models, CNN_LENGTH(models));
}

bool cnn_summary_line(cnn_text line, cnn_text next, cnn_summary_columns *where,
                      cnn_summary_row *out)
{
    line = cnn_text_trim(line);
    return !read_titles(line, where) && read_row(line, *where, out) && is_layer(out, next);
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
    cnn_summary_columns where = {0, 1};
    bool keras = false;
    cnn_summary_row row;
    while (rest.size > 0) {
        const cnn_text line = cnn_text_split(&rest, '\n');
        if (!cnn_summary_line(line, rest, &where, &row)) {
            continue;
        }
        keras |= row.keras;
        layers++;
        if (!cnn_checked_add(params, row.params, &params)) {
            return cnn_paste_fail(p, CNN_E_OVERFLOW, (cnn_span){0, 0}, cnn_text_of("the total"),
                                  (cnn_text){0});
        }
    }
    return cnn_fail_numbers(p->err, keras ? CNN_E_PASTE_SUMMARY_KERAS : CNN_E_PASTE_SUMMARY,
                            (cnn_span){0, 0}, params, layers);
}
