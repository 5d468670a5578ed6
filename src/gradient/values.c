/*
 * Reading values. The reader goes through the text once; numbers go straight to their place.
 *
 *     values = { name "=" grid ( line end | ";" | "," ) }
 *     grid   = number | "[" row { ( ";" | line end ) row } "]"
 *     row    = { number [ "," ] }
 *
 * Comments begin with "#" or, as in MATLAB, "%".
 */
#include "gradient/values.h"

#include "base/arena.h"
#include "base/utf8.h"

typedef struct reader {
    const cnn_chain *chain;
    const cnn_point *point;
    cnn_text text;
    size_t at;
    bool *given; /* of each quantity */
    cnn_error *err;
} reader;

static bool fail_here(reader *r, int32_t code, size_t begin, cnn_text a, cnn_text b)
{
    return cnn_fail_words(r->err, code, (cnn_span){(uint32_t)begin, (uint32_t)r->at}, a, b);
}

static char peek(const reader *r)
{
    return r->at < r->text.size ? r->text.data[r->at] : '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Blanks and comments; line ends too where they mean nothing. */
static void skip(reader *r, bool lines)
{
    while (r->at < r->text.size) {
        const char c = peek(r);
        if (c == '#' || c == '%') {
            while (r->at < r->text.size && peek(r) != '\n') {
                r->at++;
            }
        } else if (is_blank(c) || (lines && c == '\n')) {
            r->at++;
        } else {
            return;
        }
    }
}

static cnn_text see_name(const reader *r)
{
    size_t end = r->at;
    while (end < r->text.size && (cnn_is_letter(r->text.data[end]) ||
                                  cnn_is_digit(r->text.data[end]) || r->text.data[end] == '_')) {
        end++;
    }
    return (cnn_text){r->text.data + r->at, end - r->at};
}

static bool read_number(reader *r, double *out)
{
    const size_t begin = r->at;
    const bool negative = peek(r) == '-';
    r->at += negative || peek(r) == '+' ? 1 : 0;
    const cnn_text rest = cnn_text_skip(r->text, r->at);
    const cnn_text number = {rest.data, cnn_double_see(rest)};
    r->at += number.size;
    const char next = peek(r);
    /* "2x" and "1e" are no numbers */
    if (number.size == 0 || cnn_is_letter(next) || next == '_') {
        r->at += r->at < r->text.size;
        return fail_here(r, CNN_E_VALUE_NUMBER, begin, (cnn_text){0}, (cnn_text){0});
    }
    if (!cnn_double_read(number, out)) {
        return fail_here(r, CNN_E_VALUE_RANGE, begin, (cnn_text){0}, (cnn_text){0});
    }
    *out = negative ? -*out : *out;
    return true;
}

/* The contents of brackets; a number alone is one row of one. */
typedef struct grid {
    int64_t rows, columns, count, in_row;
    size_t begin;              /* of the bracket, where errors point */
    bool ragged, newline_ends; /* rows differ in length; a line end ends a row */
} grid;

static void end_row(grid *g)
{
    if (g->in_row == 0) {
        return;
    }
    g->ragged = g->ragged || (g->rows > 0 && g->in_row != g->columns);
    g->columns = g->in_row;
    g->rows++;
    g->in_row = 0;
}

/* A line end ends a row unless semicolons do. Signs in comments are neither. */
static bool newline_ends_rows(const reader *r)
{
    reader ahead = *r;
    for (skip(&ahead, true); peek(&ahead) != ']' && peek(&ahead) != ';'; skip(&ahead, true)) {
        if (ahead.at == ahead.text.size) {
            return true;
        }
        ahead.at++;
    }
    return peek(&ahead) == ']';
}

/* The numbers go to `to`, at most `room` of them; the others are only counted. */
static bool read_grid(reader *r, double *to, int64_t room, grid *g)
{
    *g = (grid){.begin = r->at};
    double value;
    if (peek(r) != '[') {
        *g = (grid){.rows = 1, .columns = 1, .count = 1, .begin = r->at};
        return read_number(r, room > 0 ? to : &value);
    }
    r->at++;
    g->newline_ends = newline_ends_rows(r);
    for (;;) {
        skip(r, !g->newline_ends);
        const char c = peek(r);
        if (c == ']') {
            r->at++;
            end_row(g);
            return true;
        }
        if (r->at == r->text.size) {
            return cnn_fail(r->err, CNN_E_VALUE_OPEN,
                            (cnn_span){(uint32_t)g->begin, (uint32_t)g->begin + 1});
        }
        if (c == ';' || c == '\n') {
            end_row(g);
            r->at++;
        } else if (c == ',' && g->in_row > 0) {
            r->at++;
        } else if (!read_number(r, g->count < room ? &to[g->count] : &value)) {
            return false;
        } else {
            g->count++;
            g->in_row++;
        }
    }
}

/* Weights have their rows and columns; vectors and maps only their number of values. */
static bool check_size(reader *r, const cnn_value *q, const grid *g)
{
    const bool strict = q->role == CNN_VALUE_WEIGHTS;
    const int64_t wanted = cnn_dims_count(&q->dims);
    const bool fits = strict
                          ? !g->ragged && g->rows == q->dims.rows && g->columns == q->dims.columns
                          : g->count == wanted;
    if (fits) {
        return true;
    }
    const cnn_text name = cnn_text_of(q->name);
    if (strict && g->ragged) {
        cnn_fail_numbers(r->err, CNN_E_VALUE_RAGGED,
                         (cnn_span){(uint32_t)g->begin, (uint32_t)r->at}, q->dims.rows,
                         q->dims.columns);
    } else if (strict) {
        r->err->number[2] = q->dims.rows;
        r->err->number[3] = q->dims.columns;
        cnn_fail_numbers(r->err, CNN_E_VALUE_ROWS, (cnn_span){(uint32_t)g->begin, (uint32_t)r->at},
                         g->rows, g->columns);
    } else {
        cnn_fail_numbers(r->err, CNN_E_VALUE_COUNT, (cnn_span){(uint32_t)g->begin, (uint32_t)r->at},
                         g->count, wanted);
    }
    r->err->word[0] = name;
    return false;
}

/* ---- the target as classes ---- */

static int64_t positions_of(const cnn_value *y)
{
    return cnn_shape_positions(&y->dims.map);
}

static bool fail_class(reader *r, const cnn_value *y, const grid *g)
{
    const cnn_span span = {(uint32_t)g->begin, (uint32_t)r->at};
    const int64_t positions = positions_of(y), classes = y->dims.rows / positions;
    return positions == 1
               ? cnn_fail_numbers(r->err, CNN_E_VALUE_CLASS, span, classes - 1, classes)
               : cnn_fail_numbers(r->err, CNN_E_VALUE_CLASSES, span, classes - 1, positions);
}

/* y = 3, or of a map y = [3 0 2 1]: at each position a whole number from 0 to the number of classes
 * less one. An index is in the place of its position in channel 0, so that writing zeros and a one
 * over it overwrites no other index. */
static bool read_classes(reader *r, const cnn_value *y, const grid *g)
{
    const double *to = r->point->value + y->at;
    const int64_t positions = positions_of(y), classes = y->dims.rows / positions;
    for (int64_t i = 0; i < positions; i++) {
        const double index = to[i];
        if (!(index >= 0 && index < (double)classes) || index != (double)(int64_t)index) {
            return fail_class(r, y, g);
        }
        cnn_point_set_class(r->chain, r->point, i, (int64_t)index);
    }
    return true;
}

/* Zeros and a one at each position are also classes. */
static bool check_classes(reader *r, const cnn_value *y, const grid *g)
{
    const double *v = r->point->value + y->at;
    const int64_t positions = positions_of(y);
    for (int64_t i = 0; i < positions; i++) {
        int64_t ones = 0, others = 0;
        for (int64_t k = i; k < y->dims.rows; k += positions) {
            ones += v[k] == 1;
            others += v[k] != 1 && v[k] != 0;
        }
        if (ones != 1 || others > 0) {
            return fail_class(r, y, g);
        }
    }
    return true;
}

static bool read_target(reader *r, const cnn_value *y, const grid *g)
{
    if (g->count == positions_of(y)) {
        return read_classes(r, y, g);
    }
    if (g->count == y->dims.rows) {
        return check_classes(r, y, g);
    }
    return positions_of(y) == 1 ? check_size(r, y, g) : fail_class(r, y, g);
}

static const cnn_value *find(const reader *r, cnn_text name)
{
    const cnn_name *entry = cnn_names_find(&r->chain->names, name);
    return entry != NULL ? entry->value : NULL;
}

/* l and dW1 are in the output of --gradients, which can be read again. */
static bool is_result(const reader *r, cnn_text name)
{
    const cnn_value *q = find(r, name);
    const bool d = name.size > 1 && cnn_fold(name.data[0]) == 'd';
    return (q != NULL && q->role == CNN_VALUE_LOSS) ||
           (d && find(r, cnn_text_skip(name, 1)) != NULL);
}

static bool fail_name(reader *r, cnn_text name)
{
    cnn_nearest nearest = cnn_nearest_to(name);
    const size_t begin = r->at;
    for (int32_t i = 0; i < r->chain->quantity_count; i++) {
        const cnn_value *q = &r->chain->quantities[i];
        if (cnn_is_variable(q) || q->role == CNN_VALUE_TARGET) {
            cnn_nearest_offer(&nearest, cnn_text_of(q->name));
        }
    }
    r->at += name.size;
    return fail_here(r, CNN_E_VALUE_NAME, begin, name, nearest.best);
}

/* name = numbers. Results are read over; what is given may be given once. */
static bool read_assignment(reader *r)
{
    const size_t begin = r->at;
    const cnn_text name = see_name(r);
    const cnn_value *q = find(r, name);
    const bool result = is_result(r, name);
    grid g;
    if (name.size == 0) {
        r->at++;
        return fail_here(r, CNN_E_VALUE_FORM, begin, (cnn_text){0}, (cnn_text){0});
    }
    if (!result && (q == NULL || (!cnn_is_variable(q) && q->role != CNN_VALUE_TARGET))) {
        return fail_name(r, name);
    }
    r->at += name.size;
    if (!result && r->given[q - r->chain->quantities]) {
        return fail_here(r, CNN_E_VALUE_TWICE, begin, name, (cnn_text){0});
    }
    skip(r, true);
    if (peek(r) != '=') {
        return fail_here(r, CNN_E_VALUE_FORM, begin, (cnn_text){0}, (cnn_text){0});
    }
    r->at++;
    skip(r, true);
    if (result) {
        return read_grid(r, NULL, 0, &g);
    }
    r->given[q - r->chain->quantities] = true;
    const bool class = q->role == CNN_VALUE_TARGET && r->chain->loss->target == CNN_TARGET_CLASS;
    if (!read_grid(r, r->point->value + q->at, cnn_dims_count(&q->dims), &g)) {
        return false;
    }
    return class ? read_target(r, q, &g) : check_size(r, q, &g);
}

/* The end of an assignment: a line end, ";" or ",". */
static bool read_end(reader *r)
{
    skip(r, false);
    const char c = peek(r);
    if (r->at == r->text.size || c == '\n' || c == ';' || c == ',') {
        r->at += r->at < r->text.size;
        return true;
    }
    const size_t begin = r->at++;
    return fail_here(r, CNN_E_VALUE_END, begin, (cnn_text){0}, (cnn_text){0});
}

static bool check_all_given(reader *r)
{
    for (int32_t i = 0; i < r->chain->quantity_count; i++) {
        const cnn_value *q = &r->chain->quantities[i];
        if (r->given[i] || (!cnn_is_variable(q) && q->role != CNN_VALUE_TARGET)) {
            continue;
        }
        /* the message shows CxHxW of a map, rows and columns of weights, else a count */
        r->err->shape[0] =
            q->dims.map.axes > 0 ? q->dims.map : (cnn_shape){q->dims.rows, {q->dims.columns}, 1};
        r->err->shape[0].axes =
            q->role == CNN_VALUE_WEIGHTS || q->dims.map.axes > 0 ? r->err->shape[0].axes : 0;
        const uint32_t end = (uint32_t)r->text.size;
        return cnn_fail_words(r->err, CNN_E_VALUE_MISSING, (cnn_span){end, end},
                              cnn_text_of(q->name), (cnn_text){0});
    }
    return true;
}

static bool read_all(reader *r)
{
    for (;;) {
        skip(r, true);
        if (r->at == r->text.size) {
            return check_all_given(r);
        }
        if (peek(r) == ';' || peek(r) == ',') {
            r->at++;
        } else if (!read_assignment(r) || !read_end(r)) {
            return false;
        }
    }
}

bool cnn_values_read(const cnn_chain *chain, cnn_text text, const cnn_point *point,
                     cnn_arena scratch, cnn_error *err)
{
    bool *given = CNN_NEW_ARRAY(&scratch, bool, chain->quantity_count);
    reader r = {chain, point, text, cnn_text_mark(text), given, err};
    if (r.given == NULL) {
        return cnn_fail_memory(err);
    }
    bool done = false;
    if (text.size <= CNN_MAX_BYTES) {
        done = cnn_text_check(text, err) && read_all(&r);
    } else {
        cnn_fail_numbers(err, CNN_E_TOO_LONG, (cnn_span){0, 0}, CNN_MAX_BYTES, 0);
    }
    err->source = done ? err->source : CNN_SOURCE_VALUES;
    return done;
}

void cnn_out_values(cnn_out *out, const double *values, const cnn_value *q)
{
    const bool rows = q->role == CNN_VALUE_WEIGHTS;
    const int64_t count = cnn_dims_count(&q->dims);
    cnn_out_char(out, '[');
    for (int64_t i = 0; i < count; i++) {
        const bool row = rows && i % q->dims.columns == 0;
        cnn_out_string(out, i == 0 ? "" : row ? "; " : " ");
        cnn_out_double(out, values[i]);
    }
    cnn_out_char(out, ']');
}
