/*
 * Reading --check: what comes before the relation is in claim_head.c, here are its values: one in
 * English or German figures, several about one place, or a list of them for the layers.
 */
#include "check/claim_head.h"
#include "check/value_list.h"

typedef cnn_claim_head reading;

static bool fail_value(reading *r)
{
    return cnn_fail(r->err, r->form, cnn_claim_span(r, r->values.size > 0 ? r->values : r->all));
}

/* 0T has no digit that could be wrong; 0.0 % is a share. */
static bool says_nothing(const cnn_claim *claim)
{
    return claim->value[0].step > 0 && claim->value[0].num == 0;
}

/* The whole text as one value. */
static bool read_one(reading *r, cnn_figures figures, cnn_claim *out)
{
    cnn_error ignored = {0};
    *out = r->claim;
    return cnn_claim_value_all(r->values, figures, r->bare, r->whole, out, &ignored) &&
           (out->what->kind != CNN_QUANTITY_COUNT || out->share || !says_nothing(out));
}

static bool is_right(const reading *r, cnn_claim *claim)
{
    cnn_answer right;
    return cnn_answer_of(claim->what, &claim->of, r->numbers->net->layers, r->numbers, &right) &&
           (claim->relation == CNN_EQUAL ? cnn_claim_is(claim, &right)
                                         : cnn_claim_holds(claim, &right));
}

/* A number alone may be a size, too: it is, where that is right. A percentage never is one: a size
 * has no sum. */
static void prefer_size(reading *r, cnn_claim *claim)
{
    cnn_claim size = *claim;
    size.what = cnn_quantity_named("output");
    if (r->bare && claim->value[0].of == NULL && claim->relation == CNN_EQUAL && !claim->share &&
        claim->what->kind == CNN_QUANTITY_COUNT && !is_right(r, claim) && is_right(r, &size)) {
        *claim = size;
    }
}

/*
 * One answer, in English figures or in German ones. Of two that can be meant the right one is;
 * where none is right, the English one. False: there is none.
 */
static bool choose_one(reading *r, cnn_claim *out, bool *right, const char **remark)
{
    static const char german_used[] =
        "the numbers are read with decimal commas, and points between thousands";
    static const char english_used[] =
        "the numbers are read with decimal points; with decimal commas they would be others";
    cnn_claim english, german;
    const bool may = r->values.size > 0;
    const bool sizes = r->claim.what->kind == CNN_QUANTITY_SIZE;
    bool is_english = may && ((sizes && read_one(r, CNN_FIGURES_JOINED, &english)) ||
                              read_one(r, CNN_FIGURES_COMMAS, &english));
    bool is_german = may && read_one(r, CNN_FIGURES_GERMAN, &german) &&
                     !cnn_claim_is_broken(&german) && german.what->kind == CNN_QUANTITY_COUNT;
    is_german = is_german && !(is_english && english.value[0].num == german.value[0].num &&
                               english.value[0].den == german.value[0].den);
    is_english = is_english && !(is_german && cnn_claim_is_broken(&english));
    if (is_english) {
        prefer_size(r, &english);
    }
    const bool english_right = is_english && is_right(r, &english);
    const bool take_german = is_german && !english_right && (!is_english || is_right(r, &german));
    *remark = take_german ? german_used : is_german && !english_right ? english_used : NULL;
    *out = take_german ? german : english;
    *right = (is_english || is_german) && is_right(r, out);
    return is_english || is_german;
}

static bool add_one(reading *r, cnn_claim *claim, const char *remark, cnn_claims *claims)
{
    claims->remark = remark != NULL ? remark : claims->remark;
    return cnn_claim_add(claims, claim, r->numbers, r->err);
}

/* A number that is not understood by its own error: one that does not fit, or not of the form. */
static bool fail_one(reading *r)
{
    cnn_claim claim = r->claim;
    if (r->values.size > 0) {
        (void)cnn_claim_value_all(r->values, CNN_FIGURES_COMMAS, r->bare, r->whole, &claim, r->err);
    }
    return fail_value(r);
}

enum { MOST_TOGETHER = 4 };

/* "conv1: 32x32x16, 448 parameters": several answers about one place, of which one names what it
 * is. A comma without a blank is within a number. Returns their number; 0: it is something else. */
static int32_t read_together(const reading *r, cnn_claim *out)
{
    cnn_text rest = r->values;
    int32_t count = 0;
    bool named = false;
    while (rest.size > 0) {
        cnn_text piece = cnn_value_split(&rest, ',');
        while (rest.size > 0 && rest.data[0] != ' ') {
            const cnn_text more = cnn_value_split(&rest, ',');
            piece.size = (size_t)(more.data + more.size - piece.data);
        }
        reading one = *r;
        bool right;
        const char *remark;
        one.values = cnn_text_trim(piece);
        if (count == MOST_TOGETHER || one.values.size == 0) {
            return 0;
        }
        one.claim.what = cnn_bare_quantity(one.values, "params");
        if (!choose_one(&one, &out[count], &right, &remark)) {
            return 0;
        }
        named = named || out[count].value[0].of != NULL;
        count++;
    }
    return named && count > 1 ? count : 0;
}

static bool add_together(reading *r, const cnn_claim *list, int32_t count)
{
    bool added = true;
    for (int32_t i = 0; i < count && added; i++) {
        added = cnn_claim_add(r->claims, &list[i], r->numbers, r->err);
    }
    return added;
}

bool cnn_claim_read(cnn_text text, const cnn_numbers *numbers, cnn_claims *claims, cnn_error *err)
{
    reading r = {.whole = text,
                 .all = cnn_claim_without_verdict(text),
                 .numbers = numbers,
                 .claims = claims,
                 .form = CNN_E_CLAIM_NUMBER,
                 .err = err};
    r.claim.of = cnn_subject_total(numbers->net);
    if (!cnn_claim_head_read(&r, "params")) {
        return false;
    }
    cnn_claim one, several[MOST_TOGETHER];
    const bool may = r.placed && r.bare && r.claim.relation == CNN_EQUAL;
    const int32_t together = may ? read_together(&r, several) : 0;
    if (together > 0) {
        return add_together(&r, several, together);
    }
    bool right;
    const char *remark;
    const bool is_one = choose_one(&r, &one, &right, &remark);
    cnn_value_list list = {
        .all = text, .values = r.values, .claim = r.claim, .numbers = numbers, .err = err};
    const bool whole = !r.placed && r.claim.relation == CNN_EQUAL;
    const bool listed = whole && !r.bare && cnn_value_list_find(&list);
    /* A list of sizes needs no commas but between them. One of counts may be a single number with
     * groups of three: it is a list if any of it is right. */
    const bool list_first = listed && (list.right > 0 || r.claim.what->kind != CNN_QUANTITY_COUNT);
    if (is_one && (right || !list_first)) {
        return add_one(&r, &one, remark, claims);
    }
    if (listed) {
        claims->remark = list.remark != NULL ? list.remark : claims->remark;
        return cnn_value_list_add(&list, claims);
    }
    return whole && !r.bare && list.count > 1 ? cnn_value_list_fail(&list) : fail_one(&r);
}

/* 112x112x64 is 64x112x112 with the channels last. */
static void put_channels_first(cnn_claim *want)
{
    cnn_amount *v = want->value;
    if (want->what->kind == CNN_QUANTITY_SIZE && want->numbers == 3 && !want->channels_first &&
        v[0].num == v[1].num && v[0].den == v[1].den && v[2].num != v[0].num) {
        const cnn_amount channels = v[2];
        v[2] = v[1];
        v[1] = v[0];
        v[0] = channels;
    }
}

bool cnn_want_read(cnn_text text, cnn_claim *out, cnn_error *err)
{
    reading r = {.whole = text, .all = cnn_text_trim(text), .form = CNN_E_WANT_FORM, .err = err};
    if (!cnn_claim_head_read(&r, "output")) {
        return false;
    }
    *out = r.claim;
    if (r.values.size == 0 ||
        !cnn_claim_value_all(r.values, CNN_FIGURES_COMMAS, r.bare, r.whole, out, err) ||
        out->share) {
        return fail_value(&r);
    }
    put_channels_first(out);
    return true;
}
