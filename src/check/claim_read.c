/* Reading --check: [quantity relation] value { "," value }. */
#include "check/claim.h"
#include "ops/op.h"

/* The text of one --check while it is read. */
typedef struct reading {
    cnn_text all;
    cnn_text values;
    const cnn_numbers *numbers;
    cnn_claim claim;
    bool bare;    /* only a value, without the name of a quantity */
    int32_t form; /* the error for what is not of the form */
    cnn_error *err;
} reading;

static cnn_span span_of(const reading *r, cnn_text part)
{
    const uint32_t begin = (uint32_t)(part.data - r->all.data);
    return (cnn_span){begin, begin + (uint32_t)part.size};
}

/* ---- quantity and relation ---- */

static const struct {
    const char *sign;
    cnn_relation relation;
} relations[] = {
    {"<=", CNN_AT_MOST}, {">=", CNN_AT_LEAST}, {"==", CNN_EQUAL},
    {"=", CNN_EQUAL},    {"<", CNN_LESS},      {">", CNN_MORE},
};

/* The first relation sign; the name stands before it. */
static bool find_relation(const reading *r, cnn_text *name, size_t *end, cnn_relation *relation)
{
    for (size_t i = 0; i < r->all.size; i++) {
        const cnn_text rest = {r->all.data + i, r->all.size - i};
        for (size_t k = 0; k < CNN_LENGTH(relations); k++) {
            const size_t size = cnn_text_of(relations[k].sign).size;
            if (rest.size >= size && cnn_text_is((cnn_text){rest.data, size}, relations[k].sign)) {
                *name = cnn_text_trim((cnn_text){r->all.data, i});
                *end = i + size;
                *relation = relations[k].relation;
                return true;
            }
        }
    }
    return false;
}

static bool fail_name(reading *r, cnn_text name)
{
    cnn_nearest nearest = cnn_nearest_to(name);
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        cnn_nearest_offer(&nearest, cnn_text_of(cnn_quantities[i].name));
    }
    return cnn_fail_words(r->err, CNN_E_CLAIM_QUANTITY, span_of(r, name), name, nearest.best);
}

/* A bare number is the total of `what`, a bare size the network's output. */
static bool read_head(reading *r, const char *what)
{
    cnn_text name;
    size_t end = 0;
    if (!find_relation(r, &name, &end, &r->claim.relation)) {
        for (size_t i = 0; i < r->all.size; i++) {
            what = cnn_fold(r->all.data[i]) == 'x' || r->all.data[i] == '\xC3' ? "output" : what;
        }
        name = cnn_text_of(what);
        r->bare = true;
    }
    r->claim.what = cnn_quantity_find(name);
    r->values = cnn_text_trim((cnn_text){r->all.data + end, r->all.size - end});
    if (r->claim.what == NULL) {
        return fail_name(r, name);
    }
    if (r->claim.relation != CNN_EQUAL && r->claim.what->kind == CNN_QUANTITY_SIZE) {
        return cnn_fail(r->err, CNN_E_CLAIM_BUDGET, span_of(r, r->all));
    }
    return true;
}

/* ---- values ---- */

static bool read_value(reading *r, cnn_text text, bool commas, cnn_claim *out)
{
    cnn_text rest = cnn_text_trim(text);
    *out = r->claim;
    out->text = rest;
    if (!cnn_claim_value(&rest, commas, r->all, out, r->err) || rest.size > 0 ||
        (out->what->kind == CNN_QUANTITY_COUNT && out->numbers > 1)) {
        cnn_text place = cnn_text_trim(text);
        if (place.size == 0) {
            place = r->all;
        }
        return cnn_fail(r->err, r->form, span_of(r, place));
    }
    return true;
}

/* How a list of values is spread over the network: which layers have one, and whether the last
 * value is the total. */
typedef struct spread {
    bool every;   /* each row has one; otherwise only those that have any */
    bool all;     /* rows are layers, also inside items */
    bool windows; /* of the layers only the sliding windows */
    bool total;
    int32_t count;
} spread;

static bool takes_part(const reading *r, const spread *way, const cnn_subject *of)
{
    const cnn_layer *layers = r->numbers->net->layers;
    if (way->windows) {
        return cnn_use_of(layers[of->first].op, CNN_STRIDE)->need != CNN_NEVER;
    }
    bool has = way->every;
    for (int32_t i = of->first; i < of->end && !has; i++) {
        has = cnn_quantity_has(r->claim.what, &layers[i], r->numbers);
    }
    return has;
}

static cnn_text next_value(cnn_text *rest, char separator)
{
    return cnn_text_split(rest, separator);
}

/* Adds the claims of one spread; says how many of them are right. */
static bool add_spread(reading *r, const spread *way, char separator, cnn_claims *claims,
                       int32_t *right)
{
    const cnn_network *net = r->numbers->net;
    cnn_text rest = r->values;
    cnn_claim claim;
    cnn_subject of;
    *right = 0;
    const int32_t begin = claims->count;
    for (int32_t at = 1, number = 0; cnn_subject_next(net, way->all, &at, &number, &of);) {
        if (!takes_part(r, way, &of)) {
            continue;
        }
        if (!read_value(r, next_value(&rest, separator), separator == ';', &claim)) {
            return false;
        }
        claim.of = of;
        cnn_claim_add(claims, &claim, r->numbers);
    }
    if (way->total) {
        if (!read_value(r, rest, separator == ';', &claim)) {
            return false;
        }
        claim.of = cnn_subject_total(net);
        cnn_claim_add(claims, &claim, r->numbers);
    }
    for (int32_t i = begin; i < claims->count; i++) {
        *right += cnn_claim_is(&claims->list[i], &claims->list[i].right);
    }
    return true;
}

static int32_t spread_size(const reading *r, const spread *way)
{
    cnn_subject of;
    int32_t count = way->total ? 1 : 0;
    for (int32_t at = 1, number = 0;
         cnn_subject_next(r->numbers->net, way->all, &at, &number, &of);) {
        count += takes_part(r, way, &of);
    }
    return count;
}

/* The ways to read a list, likeliest first. */
static const spread ways[] = {
    {.all = true},
    {.all = true, .total = true},
    {.every = true, .all = true},
    {.every = true, .all = true, .total = true},
    {0},
    {.total = true},
    {.every = true},
    {.every = true, .total = true},
    {.all = true, .windows = true},
};

static bool fail_count(reading *r, int32_t count)
{
    r->err->word[0] = cnn_text_of(r->claim.what->noun);
    r->err->number[2] = spread_size(r, &ways[2]);
    return cnn_fail_numbers(r->err, CNN_E_CLAIM_COUNT, span_of(r, r->values), count,
                            spread_size(r, &ways[0]));
}

/* Of the ways that fit, the one that is kindest to the pupil. */
static bool read_list(reading *r, char separator, int32_t count, cnn_claims *claims, bool *fits)
{
    const spread *best = NULL;
    const int32_t begin = claims->count;
    int32_t most = -1, right;
    for (size_t i = 0; i < CNN_LENGTH(ways); i++) {
        if (spread_size(r, &ways[i]) != count) {
            continue;
        }
        if (!add_spread(r, &ways[i], separator, claims, &right)) {
            return false;
        }
        claims->count = begin;
        if (right > most) {
            most = right;
            best = &ways[i];
        }
    }
    *fits = best != NULL;
    if (best != NULL) {
        (void)add_spread(r, best, separator, claims, &right); /* it could be read before */
    }
    return true;
}

static int32_t count_values(cnn_text text, char separator)
{
    int32_t count = 1;
    for (size_t i = 0; i < text.size; i++) {
        count += text.data[i] == separator;
    }
    return count;
}

/* Whether the commas may separate thousands: 132,863,336. */
static bool is_grouped(const reading *r)
{
    cnn_text rest = r->values;
    cnn_amount amount;
    cnn_error ignored = {0};
    return r->claim.what->kind == CNN_QUANTITY_COUNT &&
           cnn_amount_read(&rest, true, r->all, &amount, &ignored) && rest.size == 0;
}

static bool add_total(reading *r, cnn_claims *claims)
{
    cnn_claim claim;
    if (!read_value(r, r->values, true, &claim)) {
        return false;
    }
    claim.of = cnn_subject_total(r->numbers->net);
    cnn_claim_add(claims, &claim, r->numbers);
    return true;
}

/* Adds the total that the numbers are when their commas separate thousands, if it is right. */
static bool add_right_total(reading *r, cnn_claims *claims)
{
    (void)add_total(r, claims); /* they are a number */
    const cnn_claim *total = &claims->list[claims->count - 1];
    const bool right = cnn_claim_is(total, &total->right);
    claims->count -= right ? 0 : 1;
    return right;
}

bool cnn_claim_read(cnn_text text, const cnn_numbers *numbers, cnn_claims *claims, cnn_error *err)
{
    reading r = {.all = text, .numbers = numbers, .form = CNN_E_CLAIM_NUMBER, .err = err};
    if (!read_head(&r, "params")) {
        return false;
    }
    const bool semicolons = count_values(r.values, ';') > 1;
    const char separator = semicolons ? ';' : ',';
    const int32_t count = count_values(r.values, separator);
    if (count == 1 || ((r.bare || r.claim.relation != CNN_EQUAL) && is_grouped(&r))) {
        return add_total(&r, claims);
    }
    if (r.claim.relation != CNN_EQUAL) {
        return cnn_fail(err, r.form, span_of(&r, r.values));
    }
    /* Of a list and one number, whatever is right is meant. */
    const bool grouped = is_grouped(&r);
    if (grouped && add_right_total(&r, claims)) {
        return true;
    }
    bool fits;
    if (!read_list(&r, separator, count, claims, &fits)) {
        return false;
    }
    if (fits) {
        return true;
    }
    return grouped ? add_total(&r, claims) : fail_count(&r, count);
}

bool cnn_want_read(cnn_text text, cnn_claim *out, cnn_error *err)
{
    reading r = {.all = text, .form = CNN_E_WANT_FORM, .err = err};
    return read_head(&r, "output") &&
           read_value(&r, r.values, r.claim.what->kind == CNN_QUANTITY_COUNT, out);
}
