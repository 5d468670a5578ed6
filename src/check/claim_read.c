/*
 * Reading --check: [place "."] quantity relation values, or values alone. People write it in many
 * ways, and so does the program: "conv2.params=16290", "layer 2 (conv3-64): params = 896",
 * "params: 9472", "4.1 GFLOPs", "params conv2 = 16290".
 */
#include <string.h>

#include "check/calculation.h"
#include "check/heading.h"
#include "check/reading.h"
#include "check/value_list.h"

/* The text of one --check while it is read. */
typedef struct reading {
    cnn_text whole; /* places are counted from its beginning */
    cnn_text all;   /* without what the program prints around a claim */
    cnn_text values;
    const cnn_numbers *numbers; /* NULL: there is no network, and no place */
    cnn_claims *claims;
    cnn_claim claim;
    bool bare;    /* only a value, without the name of a quantity */
    bool placed;  /* it is about a part of the network */
    int32_t form; /* the error for what is not of the form */
    cnn_error *err;
} reading;

static cnn_span span_of(const reading *r, cnn_text part)
{
    const uint32_t begin = (uint32_t)(part.data - r->whole.data);
    return (cnn_span){begin, begin + (uint32_t)part.size};
}

/* ---- what the program prints around a claim ---- */

static bool strip(cnn_text *text, const char *head)
{
    const bool begins = cnn_text_begins(*text, head);
    *text = begins ? cnn_text_trim(cnn_text_skip(*text, cnn_text_of(head).size)) : *text;
    return begins;
}

static cnn_text without_verdict(cnn_text text)
{
    static const char *const heads[] = {"+ right ", "x wrong ", "> follows "};
    static const char *const tails[] = {"; right is ", "; it is ", " (exactly ",
                                        " (height x width x channels",
                                        " (depth x height x width x channels"};
    text = cnn_text_trim(text);
    for (size_t i = 0; i < CNN_LENGTH(heads) && !strip(&text, heads[i]); i++) {
    }
    for (size_t at = 0; at < text.size; at++) {
        for (size_t i = 0; i < CNN_LENGTH(tails); i++) {
            cnn_text rest = cnn_text_skip(text, at);
            if (strip(&rest, tails[i])) {
                return (cnn_text){text.data, at};
            }
        }
    }
    return text;
}

/* ---- quantity, place and relation ---- */

static const struct {
    const char *sign;
    cnn_relation relation;
} relations[] = {
    {"<=", CNN_AT_MOST},
    {">=", CNN_AT_LEAST},
    {"\xE2\x89\xA4", CNN_AT_MOST},
    {"\xE2\x89\xA5", CNN_AT_LEAST},
    {"==", CNN_EQUAL},
    {"=", CNN_EQUAL},
    {"<", CNN_LESS},
    {">", CNN_MORE},
    {"\xE2\x89\x88", CNN_EQUAL},
    {"~", CNN_EQUAL}, /* these belong to the value, too */
};

/* The first relation sign outside of brackets, in which a layer may have one: (conv3-8 same=tf).
 * The name comes before it. */
static bool find_relation(const reading *r, cnn_text *name, size_t *end, cnn_relation *relation)
{
    int32_t depth = 0;
    for (size_t i = 0; i < r->all.size; i++) {
        const cnn_text rest = cnn_text_skip(r->all, i);
        depth +=
            (*rest.data == '(' || *rest.data == '[') - (*rest.data == ')' || *rest.data == ']');
        for (size_t k = 0; k < CNN_LENGTH(relations) && depth <= 0; k++) {
            if (cnn_text_begins(rest, relations[k].sign)) {
                const bool about = relations[k].relation == CNN_EQUAL && *relations[k].sign != '=';
                *name = cnn_text_trim((cnn_text){r->all.data, i});
                if (about && name->size > 0 && name->data[name->size - 1] == ':') {
                    *name = cnn_text_trim((cnn_text){name->data, name->size - 1});
                }
                if (about && name->size == 0) {
                    continue; /* ~138M is a value alone */
                }
                *end = about ? i : i + cnn_text_of(relations[k].sign).size;
                *relation = relations[k].relation;
                return true;
            }
        }
    }
    return false;
}

/* The last `at` outside of brackets; the text's size when there is none. */
static size_t last_of(cnn_text text, char at)
{
    int32_t depth = 0;
    size_t found = text.size;
    for (size_t i = 0; i < text.size; i++) {
        depth += (text.data[i] == '(' || text.data[i] == '[') -
                 (text.data[i] == ')' || text.data[i] == ']');
        found = text.data[i] == at && depth == 0 ? i : found;
    }
    return found;
}

static void cut(cnn_text text, size_t at, cnn_text *before, cnn_text *after)
{
    *before = cnn_text_trim((cnn_text){text.data, at});
    *after = at < text.size ? cnn_text_trim((cnn_text){text.data + at + 1, text.size - at - 1})
                            : (cnn_text){text.data + text.size, 0};
}

/* A colon in place of the relation: "params: 9472", "layer 2 (conv3-64): 54". */
static bool find_colon(const reading *r, cnn_text *name, size_t *end)
{
    const size_t at = last_of(r->all, ':');
    cnn_text rest;
    cut(r->all, at, name, &rest);
    const bool found = at < r->all.size && name->size > 0 && rest.size > 0;
    *end = found ? at + 1 : 0;
    return found;
}

static bool fail_name(reading *r, cnn_text name)
{
    cnn_nearest nearest = cnn_nearest_to(name);
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        cnn_nearest_offer(&nearest, cnn_text_of(cnn_quantities[i].name));
    }
    return cnn_fail_words(r->err, CNN_E_CLAIM_QUANTITY, span_of(r, name), name, nearest.best);
}

/* Whether a name means two layers in the same way: by their texts, or by their number. */
static bool names_alike(const reading *r, cnn_text name, int32_t a, int32_t b)
{
    const cnn_layer *layers = r->numbers->net->layers;
    return (cnn_layer_like(&layers[a], name) == CNN_UNLIKE) ==
           (cnn_layer_like(&layers[b], name) == CNN_UNLIKE);
}

static bool find_place(reading *r, cnn_text name)
{
    int64_t steps = CNN_MAX_STEPS;
    if (r->numbers == NULL) {
        return cnn_fail(r->err, r->form, span_of(r, name));
    }
    cnn_layer_names *names = cnn_claims_names(r->claims, r->numbers->net, r->err);
    if (names == NULL) {
        return false;
    }
    const cnn_place place = cnn_place_find(names, name, 1, &steps);
    if (place.found == 0) {
        return cnn_fail_words(r->err, CNN_E_SHEET_ROW, span_of(r, name), name, (cnn_text){0});
    }
    cnn_subject other = place.of;
    if (place.found == 1 && cnn_subject_single(&place.of) && place.of.first > 0) {
        const cnn_place again = cnn_place_find(names, name, place.of.end, &steps);
        other = names_alike(r, name, place.of.first, again.of.first) ? again.of : place.of;
    }
    if (place.found > 1 || other.first != place.of.first) {
        const cnn_subject *second = place.found > 1 ? &place.other : &other;
        r->err->word[0] = name;
        return cnn_fail_numbers(r->err, CNN_E_CLAIM_PLACES, span_of(r, name), place.of.first,
                                second->first);
    }
    r->claim.of = place.of;
    r->placed = true;
    return true;
}

/* A quantity and, before or after it, a place. False without an error: it is neither. */
static bool split_name(reading *r, cnn_text name, cnn_text *place)
{
    static const char joints[] = {':', '.', ' '};
    cnn_text before, after;
    for (size_t i = 0; i < CNN_LENGTH(joints); i++) {
        cut(name, last_of(name, joints[i]), &before, &after);
        r->claim.what = cnn_quantity_written(after, &r->claim.share);
        if (after.size > 0 && before.size > 0 && r->claim.what != NULL) {
            *place = before;
            return true;
        }
    }
    /* "params of conv2", "params(conv2)", "params[2]" */
    size_t i = 0;
    while (i < name.size && name.data[i] != ' ' && name.data[i] != '(' && name.data[i] != '[') {
        i++;
    }
    r->claim.what = cnn_quantity_written((cnn_text){name.data, i}, &r->claim.share);
    *place = cnn_text_trim(cnn_text_skip(name, i));
    (void)strip(place, "of ");
    if (place->size > 1 && (place->data[0] == '(' || place->data[0] == '[')) {
        *place = cnn_text_trim((cnn_text){place->data + 1, place->size - 2});
    }
    return r->claim.what != NULL && place->size > 0;
}

/* A place alone: its size, or its parameters. */
static bool place_alone(reading *r, cnn_text name)
{
    int64_t steps = CNN_MAX_STEPS;
    cnn_layer_names *names =
        r->numbers != NULL ? cnn_claims_names(r->claims, r->numbers->net, r->err) : NULL;
    if (names == NULL || cnn_place_find(names, name, 1, &steps).found == 0) {
        return false;
    }
    r->bare = true;
    return find_place(r, name);
}

static bool read_name(reading *r, cnn_text name)
{
    cnn_text place;
    r->claim.what = cnn_quantity_written(name, &r->claim.share);
    if (r->claim.what != NULL) {
        return true;
    }
    if (split_name(r, name, &place)) {
        return find_place(r, place);
    }
    if (place_alone(r, name)) {
        return true;
    }
    return fail_name(r, name);
}

static bool has_size(cnn_text values)
{
    bool size = false;
    for (size_t i = 0; i < values.size; i++) {
        const char c = values.data[i], next = i + 1 < values.size ? values.data[i + 1] : '\0';
        const bool digit = i > 0 && (cnn_is_digit(values.data[i - 1]) || values.data[i - 1] == ' ');
        size = size || (c == '(' && next != '=') || c == '[' || c == '@' ||
               (c == '\xC3' && next == '\x97') ||
               (cnn_fold(c) == 'x' && digit && (cnn_is_digit(next) || next == ' '));
    }
    return size;
}

/* "conv1: (32-5)/1+1 = 28", where the first "=" comes after a calculation: the colon is the
 * relation. */
static void skip_calculation(const reading *r, cnn_text *name, size_t *end)
{
    const size_t at = last_of(*name, ':');
    cnn_text before, calculation;
    int64_t value;
    cut(*name, at, &before, &calculation);
    if (at < name->size && cnn_expression_value(calculation, &value)) {
        *end = (size_t)(name->data - r->all.data) + at + 1;
        *name = before;
    }
}

/* Sides are calculated with a quotient, counts never are. */
static bool divides(cnn_text calculation)
{
    return memchr(calculation.data, '/', calculation.size) != NULL;
}

/* A bare number is the total of `what`, a bare size the network's output. */
static bool read_head(reading *r, const char *what)
{
    cnn_text name;
    size_t end = 0;
    const bool named =
        find_relation(r, &name, &end, &r->claim.relation) || find_colon(r, &name, &end);
    if (named && r->claim.relation == CNN_EQUAL) {
        skip_calculation(r, &name, &end);
    }
    if (named && !read_name(r, name)) {
        return false;
    }
    r->bare = r->bare || !named;
    r->values = cnn_text_trim(cnn_text_skip(r->all, end));
    bool size = false;
    if (r->claim.relation == CNN_EQUAL) {
        const cnn_text result = cnn_value_result(r->values);
        size = result.data != r->values.data && divides(r->values);
        r->values = result;
    }
    if (r->bare) {
        r->claim.what = cnn_quantity_named(size || has_size(r->values) ? "output" : what);
    }
    if (r->claim.relation != CNN_EQUAL && r->claim.what->kind == CNN_QUANTITY_SIZE) {
        return cnn_fail(r->err, CNN_E_CLAIM_BUDGET, span_of(r, r->all));
    }
    return true;
}

/* ---- values ---- */

static bool fail_value(reading *r)
{
    return cnn_fail(r->err, r->form, span_of(r, r->values.size > 0 ? r->values : r->all));
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
        one.claim.what = cnn_quantity_named(has_size(one.values) ? "output" : "params");
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
                 .all = without_verdict(text),
                 .numbers = numbers,
                 .claims = claims,
                 .form = CNN_E_CLAIM_NUMBER,
                 .err = err};
    r.claim.of = cnn_subject_total(numbers->net);
    if (!read_head(&r, "params")) {
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
    if (!read_head(&r, "output")) {
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
