/*
 * A claim in numbers is right when every number is the true one as far as it is written: rounded or
 * cut off at its last digit. Numbers without two digits that count are too coarse to tell anything
 * by themselves; they are taken to be as fine as the finest beside them, and are exact when there
 * is none.
 */
#include "gradient/written.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "gradient/double.h"
#include "gradient/elementary.h"

/* ---- comparing ---- */

/* Beside the rounding of doubles: what numbers with so many digits may lose in single precision. */
static const double ROUNDING = 1e-9, SINGLE = 1e-6;
enum { SINGLE_DIGITS = 7 };

static bool says_something(const cnn_written_number *w)
{
    return w->digits >= 2 || (w->digits == 1 && w->fine);
}

static double finest_unit(const cnn_written *n)
{
    double finest = 0;
    for (int64_t i = 0; i < n->count; i++) {
        const bool finer = finest == 0 || n->v[i].unit < finest;
        finest = says_something(&n->v[i]) && finer ? n->v[i].unit : finest;
    }
    return finest;
}

static bool agrees(const cnn_written_number *w, double right, double finest, double largest)
{
    const double off = fabs(w->value - right);
    const double unit = says_something(w) ? w->unit : finest;
    /* cut off: nearer to 0, by less than a unit of the last digit */
    const bool cut = fabs(w->value) <= fabs(right) && w->value * right >= 0;
    const bool single = w->digits >= SINGLE_DIGITS && off <= SINGLE * fabs(right);
    return off <= ROUNDING * largest || off <= unit / 2 * (1 + ROUNDING) || (cut && off < unit) ||
           single;
}

/* Weights have rows; vectors and maps are lists in any arrangement. */
static bool has_size(const cnn_written *n, const cnn_value *what)
{
    const bool rows = n->rows == what->dims.rows && n->columns == what->dims.columns;
    return rows || (n->count == cnn_dims_count(&what->dims) &&
                    (what->role != CNN_VALUE_WEIGHTS || n->deep));
}

/* All numbers are f times the right values, as far as they are written. `turned`: these transposed,
 * with so many columns; 0: they are not. */
static bool match(const cnn_written *n, const double *right, double f, int64_t turned)
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
static const cnn_gradient_claim *find_given(const cnn_gradient_claim *first,
                                            const cnn_gradient_claim *end, const cnn_value *what,
                                            bool slope)
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
    const cnn_gradient_sheet *sheet;
    const cnn_gradient_claim *claim; /* earlier ones count */
    const cnn_gradient_claim *from;  /* that was used: a wrong one, or else a rounded one */
} world;

/* Puts the claimed numbers in place of the computed ones. */
static void put_given(world *w, const cnn_value *what, bool slope, double *values)
{
    const cnn_gradient_claim *given = find_given(w->sheet->claims, w->claim, what, slope);
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

/* Computes the spare point from the numbers that were claimed before. */
static void compute_world(world *w, const cnn_point *spare)
{
    const cnn_chain *chain = w->sheet->chain;
    const cnn_backward_hook hook = {put_slopes, &w};
    memcpy(spare->value, w->sheet->points.at[0].value, (size_t)chain->values * sizeof(double));
    for (int32_t i = 0; i < chain->step_count; i++) {
        const cnn_pass pass = cnn_chain_pass(chain, spare, i, false);
        chain->steps[i].rule->forward(&pass);
        put_given(w, &chain->quantities[chain->steps[i].out], false, spare->value);
    }
    cnn_chain_forward(chain, spare, chain->step_count); /* the loss alone */
    cnn_chain_backward(chain, spare, &hook);
}

static const cnn_gradient_claim *find_source(const cnn_gradient_sheet *sheet,
                                             const cnn_gradient_claim *claim)
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

/* Whether a match can be no coincidence: a number has three digits. */
static bool is_telling(const cnn_written *n)
{
    bool telling = false;
    for (int64_t i = 0; i < n->count; i++) {
        telling = telling || n->v[i].digits >= 3;
    }
    return telling;
}

/* Factors of losses: sign, the 2 of a square or its half, and those of means over n values. */
static bool find_factor(cnn_gradient_claim *claim, const double *right, bool telling)
{
    const double n = (double)cnn_dims_count(&claim->what->dims);
    const double factors[] = {-1, 2, 0.5, n, 1 / n, 2 / n, n / 2}; /* -1 needs no further digits */
    for (size_t i = 0; i < (telling ? CNN_LENGTH(factors) : 1); i++) {
        const double f = factors[i];
        if (f != 1 && match(claim->numbers, right, f, 0)) {
            const cnn_finding finding = {.mistake = f == -1 ? CNN_MISTAKE_SIGN
                                                    : f < 1 ? CNN_MISTAKE_FACTOR_MISSING
                                                            : CNN_MISTAKE_FACTOR,
                                         .b = cnn_value_name(claim->what, claim->slope),
                                         .factor = f == -1 ? 0 : f};
            cnn_gradient_claim_explain(claim, &finding, NULL);
            return true;
        }
    }
    return false;
}

/* Explains a claim that is the value of another quantity. */
static bool find_other(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
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
        const cnn_finding finding = {.mistake = CNN_MISTAKE_VALUE_OF,
                                     .a = cnn_value_name(q, slope),
                                     .b = cnn_value_name(claim->what, claim->slope)};
        cnn_gradient_claim_explain(claim, &finding, NULL);
        return true;
    }
    return false;
}

/* The first explanation that fits; a wrong size is the last one, because it explains least. */
static void explain(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim, const double *right)
{
    const cnn_written *n = claim->numbers;
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
        const cnn_finding finding = {.mistake = CNN_MISTAKE_TRANSPOSED, .b = name};
        cnn_gradient_claim_explain(claim, &finding, NULL);
    } else if (!fits) {
        const bool matrix = n->rows > 1 && n->columns > 1;
        const cnn_finding finding = {
            .mistake = CNN_MISTAKE_WRONG_SIZE,
            .b = name,
            .s = {matrix ? n->rows : n->count, matrix ? n->columns : 1, {0}},
            .t = claim->what->dims};
        cnn_gradient_claim_explain(claim, &finding, NULL);
    }
}

bool cnn_written_fit(const cnn_gradient_claim *claim)
{
    const bool always = claim->what->role == CNN_VALUE_LOSS && claim->slope;
    return has_size(claim->numbers, claim->what) && !always;
}

bool cnn_written_fail(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim)
{
    const cnn_text name = cnn_value_name(claim->what, claim->slope);
    const size_t begin = (size_t)(claim->text.data - sheet->text.data);
    const cnn_span span = {(uint32_t)begin, (uint32_t)(begin + claim->text.size)};
    return cnn_fail_words(sheet->err, CNN_E_CLAIM_NO_VALUES, span, name, (cnn_text){0});
}

/* Numbers of three digits and more are taken to be rounded: the fewest digits of them, and how many
 * there are. */
static void look_through(const cnn_gradient_sheet *sheet, const cnn_term *e, int32_t *digits,
                         int32_t *count)
{
    if (e->kind == CNN_TERM_NUMBER) {
        const int32_t here =
            cnn_written_number_of(cnn_text_part(sheet->text, e->span), e->number).digits;
        *digits = here >= 3 && (*count == 0 || here < *digits) ? here : *digits;
        *count += here >= 3;
    }
    for (const cnn_term *f = e->first; f != NULL; f = f->next) {
        look_through(sheet, f, digits, count);
    }
}

/* A product of n rounded numbers is off by about n times the relative error of the coarsest. */
const cnn_written *cnn_written_of(cnn_gradient_sheet *sheet, const cnn_term *term, double value)
{
    int32_t digits = 0, count = 0;
    cnn_written *out = CNN_NEW(&sheet->arena, cnn_written);
    cnn_written_number *v = CNN_NEW(&sheet->arena, cnn_written_number);
    if (out == NULL || v == NULL) {
        cnn_fail_memory(sheet->err);
        return NULL;
    }
    look_through(sheet, term, &digits, &count);
    *v = (cnn_written_number){.value = value};
    if (count > 0) {
        v->unit = count * fabs(value) * cnn_power(10, 1 - digits);
        v->digits = 2;
    }
    *out = (cnn_written){.v = v, .count = 1, .rows = 1, .columns = 1};
    return out;
}

void cnn_written_judge(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
{
    const cnn_point *point = &sheet->points.at[0];
    const double *right = (claim->slope ? point->slope : point->value) + claim->what->at;
    if (has_size(claim->numbers, claim->what) && match(claim->numbers, right, 1, 0)) {
        return; /* "right" is the initial verdict */
    }
    claim->from = find_source(sheet, claim);
    claim->judgement = claim->from != NULL ? CNN_JUDGED_FOLLOWS : CNN_JUDGED_WRONG;
    if (claim->from == NULL) {
        explain(sheet, claim, right);
    }
}
