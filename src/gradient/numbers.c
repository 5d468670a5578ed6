/*
 * A claim in numbers is right when every number is the true one as far as it is written: rounded or
 * cut off at its last digit. Numbers without two digits that count are too coarse to say anything
 * by themselves; they are taken to be as fine as the finest beside them, and are exact when there
 * is none.
 */
#include "gradient/numbers.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "gradient/double.h"
#include "gradient/elementary.h"

/* ---- reading ---- */

typedef struct reader {
    const cnn_term_source *source;
    cnn_text text;
    size_t at;
    int32_t depth;
    int64_t in_row;
    bool ragged;
    cnn_numbers *out;
} reader;

enum { DEEPEST = 4 };

static cnn_text rest_of(const reader *r)
{
    return (cnn_text){r->text.data + r->at, r->text.size - r->at};
}

static bool fail(reader *r, int32_t code, size_t begin, size_t end)
{
    const size_t base = (size_t)(r->text.data - r->source->text.data);
    const cnn_span span = {(uint32_t)(base + begin), (uint32_t)(base + end)};
    return cnn_fail_words(r->source->err, code, span, (cnn_text){0}, (cnn_text){0});
}

/* The bytes of a sign, as people write or copy it; 0: there is none. */
static size_t see_sign(cnn_text text, bool *negative)
{
    size_t size;
    const cnn_text sign = cnn_sign_see(text, &size);
    *negative = sign.size > 0 && sign.data[0] == '-';
    if (size > 0) {
        return *negative ? size : 0;
    }
    return *negative || (sign.size > 0 && sign.data[0] == '+') ? 1 : 0;
}

/* What is inside of array(...), tensor(...) as programs print them, and before a ^T, which a list
 * that is no matrix does not need. */
static cnn_text unwrap(cnn_text text)
{
    static const char *const wraps[] = {"array(", "tensor(", "np.array(", "torch.tensor("};
    static const char *const turned[] = {"]^T", "].T", "]'", "]^t"};
    for (size_t i = 0; i < CNN_LENGTH(wraps); i++) {
        const size_t size = strlen(wraps[i]);
        if (text.size > size && memcmp(text.data, wraps[i], size) == 0 &&
            text.data[text.size - 1] == ')') {
            return cnn_text_trim((cnn_text){text.data + size, text.size - size - 1});
        }
    }
    for (size_t i = 0; i < CNN_LENGTH(turned) && text.size > 0 && text.data[0] == '['; i++) {
        const size_t size = strlen(turned[i]);
        const bool list = memchr(text.data, ';', text.size) == NULL &&
                          memchr(text.data + 1, '[', text.size - 1) == NULL;
        if (list && text.size > size &&
            memcmp(text.data + text.size - size, turned[i], size) == 0) {
            return (cnn_text){text.data, text.size - size + 1};
        }
    }
    return text;
}

bool cnn_numbers_see(cnn_text text)
{
    bool negative;
    text = unwrap(text);
    if (text.size > 0 && text.data[0] == '[') {
        return true;
    }
    const size_t sign = see_sign(text, &negative);
    const cnn_text number = {text.data + sign, text.size - sign};
    return number.size > 0 && cnn_double_see(number) == number.size;
}

/* How exact a number is: its digits from the first that is not 0, and what the last one is worth.
 */
static cnn_written look_at(cnn_text number, double value)
{
    cnn_written w = {.value = value};
    int32_t decimals = 0;
    bool point = false;
    size_t i = 0;
    for (; i < number.size && cnn_fold(number.data[i]) != 'e'; i++) {
        const bool digit = cnn_is_digit(number.data[i]);
        point = point || !digit;
        decimals += digit && point;
        w.digits += digit && (w.digits > 0 || number.data[i] != '0');
    }
    w.fine = decimals > 0 || i < number.size;
    int32_t exponent = 0;
    const bool below = i + 1 < number.size && number.data[i + 1] == '-';
    for (size_t k = i + 1; k < number.size; k++) {
        if (cnn_is_digit(number.data[k]) && exponent < 1000) {
            exponent = 10 * exponent + (number.data[k] - '0');
        }
    }
    w.unit = cnn_power(10, (below ? -exponent : exponent) - decimals);
    return w;
}

static bool read_number(reader *r)
{
    bool negative;
    const size_t begin = r->at;
    r->at += see_sign(rest_of(r), &negative);
    const cnn_text rest = rest_of(r), number = {rest.data, cnn_double_see(rest)};
    double value;
    if (number.size == 0) {
        return fail(r, CNN_E_CLAIM_NUMBERS, begin, begin + (begin < r->text.size));
    }
    r->at += number.size;
    if (!cnn_double_read(number, &value)) {
        return fail(r, CNN_E_VALUE_RANGE, begin, r->at);
    }
    cnn_written *w = &r->out->v[r->out->count++];
    *w = look_at(number, negative ? -value : value);
    r->in_row++;
    return true;
}

static void end_row(reader *r)
{
    if (r->in_row == 0) {
        return;
    }
    r->ragged = r->ragged || (r->out->rows > 0 && r->in_row != r->out->columns);
    r->out->columns = r->in_row;
    r->out->rows++;
    r->in_row = 0;
}

static bool open_bracket(reader *r)
{
    end_row(r);
    r->at++;
    r->depth++;
    r->out->deep = r->out->deep || r->depth > 2;
    return r->depth <= DEEPEST || fail(r, CNN_E_CLAIM_NUMBERS, r->at - 1, r->at);
}

/* [1 2; 3 4], [[1, 2], [3, 4]] */
static bool read_list(reader *r)
{
    do {
        const char c = r->at < r->text.size ? r->text.data[r->at] : '\0';
        if (c == '[') {
            if (!open_bracket(r)) {
                return false;
            }
        } else if (c == ']' || c == ';') {
            end_row(r);
            r->depth -= c == ']';
            r->at++;
        } else if (c == ' ' || c == '\t' || c == ',') {
            r->at++;
        } else if (!read_number(r)) {
            return false;
        }
    } while (r->depth > 0);
    return r->at == r->text.size || fail(r, CNN_E_CLAIM_NUMBERS, r->at, r->text.size);
}

const cnn_numbers *cnn_numbers_read(const cnn_term_source *source, cnn_span span)
{
    cnn_numbers *out = CNN_NEW(source->arena, cnn_numbers);
    reader r = {.source = source, .out = out};
    r.text = unwrap(cnn_text_part(source->text, span));
    if (out != NULL) { /* a number and a separator have two bytes */
        out->v = CNN_NEW_ARRAY(source->arena, cnn_written, r.text.size / 2 + 1);
    }
    if (out == NULL || out->v == NULL) {
        cnn_fail_memory(source->err);
        return NULL;
    }
    out->bracket = r.text.size > 0 && r.text.data[0] == '[';
    if (!(out->bracket ? read_list(&r) : read_number(&r))) {
        return NULL;
    }
    end_row(&r);
    if (out->count == 0) {
        fail(&r, CNN_E_CLAIM_NUMBERS, 0, r.text.size);
        return NULL;
    }
    out->rows = r.ragged ? 0 : out->rows;
    out->columns = r.ragged ? 0 : out->columns;
    return out;
}

/* ---- comparing ---- */

/* Beside the rounding of doubles: what numbers with so many digits may lose in single precision. */
static const double ROUNDING = 1e-9, SINGLE = 1e-6;
enum { SINGLE_DIGITS = 7 };

static bool says_something(const cnn_written *w)
{
    return w->digits >= 2 || (w->digits == 1 && w->fine);
}

static double finest_unit(const cnn_numbers *n)
{
    double finest = 0;
    for (int64_t i = 0; i < n->count; i++) {
        const bool finer = finest == 0 || n->v[i].unit < finest;
        finest = says_something(&n->v[i]) && finer ? n->v[i].unit : finest;
    }
    return finest;
}

static bool agrees(const cnn_written *w, double right, double finest, double largest)
{
    const double off = fabs(w->value - right);
    const double unit = says_something(w) ? w->unit : finest;
    const bool cut = fabs(w->value) <= fabs(right) && w->value * right >= 0;
    const bool single = w->digits >= SINGLE_DIGITS && off <= SINGLE * fabs(right);
    return off <= ROUNDING * largest || off <= unit / 2 * (1 + ROUNDING) || (cut && off < unit) ||
           single;
}

/* Weights have rows; vectors and maps are lists in any arrangement. */
static bool has_size(const cnn_numbers *n, const cnn_value *what)
{
    const bool rows = n->rows == what->dims.rows && n->columns == what->dims.columns;
    return rows || (n->count == cnn_dims_count(&what->dims) &&
                    (what->role != CNN_VALUE_WEIGHTS || n->deep));
}

/* All numbers are f times the right values, as far as they are written. `turned`: these transposed,
 * with so many columns; 0: they are not. */
static bool match(const cnn_numbers *n, const double *right, double f, int64_t turned)
{
    const double finest = finest_unit(n);
    double largest = 0;
    for (int64_t i = 0; i < n->count; i++) {
        largest = fabs(f * right[i]) > largest ? fabs(f * right[i]) : largest;
    }
    for (int64_t i = 0; i < n->count; i++) {
        const int64_t rows = turned > 0 ? n->count / turned : 1;
        const int64_t at = turned > 0 ? i % rows * turned + i / rows : i;
        if (!agrees(&n->v[i], f * right[at], finest, largest)) {
            return false;
        }
    }
    return true;
}

/* ---- what follows from the numbers before ---- */

/* The last claim in numbers about a value that a layer gives, or about its gradient. */
static const cnn_assertion *find_given(const cnn_assertion *first, const cnn_assertion *end,
                                       const cnn_value *what, bool slope)
{
    while (end-- > first) {
        if (end->numbers != NULL && end->what == what && end->slope == slope &&
            has_size(end->numbers, what)) {
            return end;
        }
    }
    return NULL;
}

typedef struct world {
    const cnn_assertions *sheet;
    const cnn_assertion *claim; /* earlier ones count */
    const cnn_assertion *from;  /* that was used: a wrong one, or else a rounded one */
} world;

/* Puts the claimed numbers in place of the computed ones. */
static void put_given(world *w, const cnn_value *what, bool slope, double *values)
{
    const cnn_assertion *given = find_given(w->sheet->claims, w->claim, what, slope);
    for (int64_t i = 0; given != NULL && i < given->numbers->count; i++) {
        values[what->at + i] = given->numbers->v[i].value;
    }
    const bool better = w->from == NULL || w->from->judgement == CNN_JUDGED_RIGHT;
    w->from = given != NULL && better ? given : w->from;
}

static void put_slopes(const cnn_chain *chain, const cnn_point *point, int32_t step,
                       const void *user)
{
    world *w = *(world *const *)user;
    const int32_t made = step < chain->step_count ? chain->steps[step].in : chain->output;
    put_given(w, &chain->quantities[made], true, point->slope);
}

/* The spare point as it becomes with the numbers that were claimed before. */
static void compute_world(world *w, const cnn_point *spare)
{
    const cnn_chain *chain = w->sheet->chain;
    const cnn_detour detour = {put_slopes, &w};
    memcpy(spare->value, w->sheet->points.at[0].value, (size_t)chain->values * sizeof(double));
    for (int32_t i = 0; i < chain->step_count; i++) {
        const cnn_pass pass = cnn_chain_pass(chain, spare, i, false);
        chain->steps[i].rule->forward(&pass);
        put_given(w, &chain->quantities[chain->steps[i].out], false, spare->value);
    }
    cnn_chain_forward(chain, spare, chain->step_count); /* the loss alone */
    cnn_chain_backward(chain, spare, &detour);
}

static const cnn_assertion *find_source(const cnn_assertions *sheet, const cnn_assertion *claim)
{
    world w = {.sheet = sheet, .claim = claim};
    if (!has_size(claim->numbers, claim->what)) {
        return NULL;
    }
    compute_world(&w, &sheet->spare);
    const double *values = claim->slope ? sheet->spare.slope : sheet->spare.value;
    return match(claim->numbers, values + claim->what->at, 1, 0) ? w.from : NULL;
}

/* ---- causes ---- */

/* Three digits are not equal by chance. */
static bool is_telling(const cnn_numbers *n)
{
    bool telling = false;
    for (int64_t i = 0; i < n->count; i++) {
        telling = telling || n->v[i].digits >= 3;
    }
    return telling;
}

static bool find_factor(cnn_assertion *claim, const double *right, bool telling)
{
    const double n = (double)cnn_dims_count(&claim->what->dims);
    const double factors[] = {-1, 2, 0.5, n, 1 / n, 2 / n, n / 2}; /* a sign is no chance */
    for (size_t i = 0; i < (telling ? CNN_LENGTH(factors) : 1); i++) {
        const double f = factors[i];
        if (f != 1 && match(claim->numbers, right, f, 0)) {
            const cnn_finding finding = {.fault = f == -1 ? CNN_FAULT_SIGN
                                                  : f < 1 ? CNN_FAULT_FACTOR_MISSING
                                                          : CNN_FAULT_FACTOR,
                                         .b = cnn_value_name(claim->what, claim->slope),
                                         .factor = f == -1 ? 0 : f};
            cnn_assertion_explain(claim, &finding, NULL);
            return true;
        }
    }
    return false;
}

/* The value of something else. */
static bool find_other(cnn_assertions *sheet, cnn_assertion *claim)
{
    const cnn_point *point = &sheet->points.at[0];
    for (int32_t i = 0; i < 2 * sheet->chain->quantity_count; i++) {
        const cnn_value *q = &sheet->chain->quantities[i / 2];
        const bool slope = i % 2 == 0;
        const bool same = q == claim->what && slope == claim->slope;
        const bool none = slope && (q->role == CNN_VALUE_TARGET || q->role == CNN_VALUE_LOSS);
        if (same || none || !has_size(claim->numbers, q) ||
            !match(claim->numbers, (slope ? point->slope : point->value) + q->at, 1, 0)) {
            continue;
        }
        const cnn_finding finding = {.fault = CNN_FAULT_VALUE_OF,
                                     .a = cnn_value_name(q, slope),
                                     .b = cnn_value_name(claim->what, claim->slope)};
        cnn_assertion_explain(claim, &finding, NULL);
        return true;
    }
    return false;
}

static void explain(cnn_assertions *sheet, cnn_assertion *claim, const double *right)
{
    const cnn_numbers *n = claim->numbers;
    const cnn_text name = cnn_value_name(claim->what, claim->slope);
    const bool fits = has_size(n, claim->what);
    const bool telling = is_telling(n);
    if ((fits && find_factor(claim, right, telling)) || (telling && find_other(sheet, claim))) {
        return;
    }
    const int64_t columns = claim->what->dims.columns;
    const bool turned = n->rows == columns && n->columns == claim->what->dims.rows && columns > 1 &&
                        n->rows > 0 && match(n, right, 1, columns);
    if (turned) {
        const cnn_finding finding = {.fault = CNN_FAULT_TRANSPOSED, .b = name};
        cnn_assertion_explain(claim, &finding, NULL);
    } else if (!fits) {
        const bool matrix = n->rows > 1 && n->columns > 1;
        const cnn_finding finding = {
            .fault = CNN_FAULT_WRONG_SIZE,
            .b = name,
            .s = {matrix ? n->rows : n->count, matrix ? n->columns : 1, {0}},
            .t = claim->what->dims};
        cnn_assertion_explain(claim, &finding, NULL);
    }
}

bool cnn_numbers_fit(const cnn_assertion *claim)
{
    const bool always = claim->what->role == CNN_VALUE_LOSS && claim->slope;
    return has_size(claim->numbers, claim->what) && !always;
}

bool cnn_numbers_fail(cnn_assertions *sheet, const cnn_assertion *claim)
{
    const cnn_text name = cnn_value_name(claim->what, claim->slope);
    const size_t begin = (size_t)(claim->text.data - sheet->text.data);
    const cnn_span span = {(uint32_t)begin, (uint32_t)(begin + claim->text.size)};
    return cnn_fail_words(sheet->err, CNN_E_CLAIM_NO_VALUES, span, name, (cnn_text){0});
}

/* Numbers of three digits and more are taken to be rounded: the fewest digits of them, and how many
 * there are. */
static void look_through(const cnn_assertions *sheet, const cnn_term *e, int32_t *digits,
                         int32_t *count)
{
    if (e->kind == CNN_TERM_NUMBER) {
        const int32_t here = look_at(cnn_text_part(sheet->text, e->span), e->number).digits;
        *digits = here >= 3 && (*count == 0 || here < *digits) ? here : *digits;
        *count += here >= 3;
    }
    for (const cnn_term *f = e->first; f != NULL; f = f->next) {
        look_through(sheet, f, digits, count);
    }
}

const cnn_numbers *cnn_numbers_of(cnn_assertions *sheet, const cnn_term *term, double value)
{
    int32_t digits = 0, count = 0;
    cnn_numbers *out = CNN_NEW(&sheet->arena, cnn_numbers);
    cnn_written *v = CNN_NEW(&sheet->arena, cnn_written);
    if (out == NULL || v == NULL) {
        cnn_fail_memory(sheet->err);
        return NULL;
    }
    look_through(sheet, term, &digits, &count);
    *v = (cnn_written){.value = value};
    if (count > 0) {
        v->unit = count * fabs(value) * cnn_power(10, 1 - digits);
        v->digits = 2;
    }
    *out = (cnn_numbers){.v = v, .count = 1, .rows = 1, .columns = 1};
    return out;
}

void cnn_numbers_judge(cnn_assertions *sheet, cnn_assertion *claim)
{
    const cnn_point *point = &sheet->points.at[0];
    const double *right = (claim->slope ? point->slope : point->value) + claim->what->at;
    if (has_size(claim->numbers, claim->what) && match(claim->numbers, right, 1, 0)) {
        return; /* the verdict is "right" from the beginning */
    }
    claim->from = find_source(sheet, claim);
    claim->judgement = claim->from != NULL ? CNN_JUDGED_FOLLOWS : CNN_JUDGED_WRONG;
    if (claim->from == NULL) {
        explain(sheet, claim, right);
    }
}
