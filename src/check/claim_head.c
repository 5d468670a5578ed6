/*
 * The head of --check and --want: [place "."] quantity relation. People write it in many ways, and
 * so does the program: "conv2.params=16290", "layer 2 (conv3-64): params = 896", "params: 9472",
 * "params conv2 = 16290", "conv1: (32-5)/1+1 = 28".
 */
#include "check/claim_head.h"

#include <string.h>

#include "check/calculation.h"
#include "check/heading.h"

typedef cnn_claim_head reading;

cnn_span cnn_claim_span(const cnn_claim_head *r, cnn_text part)
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

cnn_text cnn_claim_without_verdict(cnn_text text)
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
    return cnn_fail_words(r->err, CNN_E_CLAIM_QUANTITY, cnn_claim_span(r, name), name,
                          nearest.best);
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
        return cnn_fail(r->err, r->form, cnn_claim_span(r, name));
    }
    cnn_layer_names *names = cnn_claims_names(r->claims, r->numbers->net, r->err);
    if (names == NULL) {
        return false;
    }
    const cnn_place place = cnn_place_find(names, name, 1, &steps);
    if (place.found == 0) {
        return cnn_fail_words(r->err, CNN_E_SHEET_ROW, cnn_claim_span(r, name), name,
                              (cnn_text){0});
    }
    cnn_subject other = place.of;
    if (place.found == 1 && cnn_subject_single(&place.of) && place.of.first > 0) {
        const cnn_place again = cnn_place_find(names, name, place.of.end, &steps);
        const bool alike = again.found > 0 && names_alike(r, name, place.of.first, again.of.first);
        other = alike ? again.of : place.of;
    }
    if (place.found > 1 || other.first != place.of.first) {
        const cnn_subject *second = place.found > 1 ? &place.other : &other;
        r->err->word[0] = name;
        return cnn_fail_numbers(r->err, CNN_E_CLAIM_PLACES, cnn_claim_span(r, name), place.of.first,
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

const cnn_quantity *cnn_bare_quantity(cnn_text value, const char *what)
{
    return cnn_quantity_named(has_size(value) ? "output" : what);
}

/* Sides are calculated with a quotient, counts never are. */
static bool divides(cnn_text calculation)
{
    return memchr(calculation.data, '/', calculation.size) != NULL;
}

bool cnn_claim_head_read(cnn_claim_head *r, const char *what)
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
        r->claim.what = size ? cnn_quantity_named("output") : cnn_bare_quantity(r->values, what);
    }
    if (r->claim.relation != CNN_EQUAL && r->claim.what->kind == CNN_QUANTITY_SIZE) {
        return cnn_fail(r->err, CNN_E_CLAIM_BUDGET, cnn_claim_span(r, r->all));
    }
    return true;
}
