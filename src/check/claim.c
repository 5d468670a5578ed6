/* What a claim is, and whether an answer is that. */
#include "check/claim.h"

#include "base/arena.h"
#include "base/checked.h"

static bool is_count(const cnn_amount *amount, int64_t right)
{
    return cnn_amount_is(amount, (cnn_fraction){right, 1});
}

/* One of the numbers is `n`, the others are 1: the 10 values of 10, 1x1x10, 10x1x1. */
static bool is_only(const cnn_claim *claim, int64_t n)
{
    int32_t ones = 0, found = 0;
    for (int32_t i = 0; i < claim->numbers; i++) {
        const bool one = is_count(&claim->value[i], 1);
        ones += one;
        found += !one && is_count(&claim->value[i], n);
    }
    return ones + found == claim->numbers && found == (n != 1);
}

/* The side of a map of which all others are 1; 0: there are several, or none. */
static int64_t only_side(const cnn_shape *shape)
{
    int64_t side = 0;
    for (int32_t i = 0; i < shape->axes; i++) {
        if (shape->side[i] > 1 && side > 0) {
            return 0;
        }
        side = shape->side[i] > 1 ? shape->side[i] : side;
    }
    return side;
}

static bool are(const cnn_amount *two, int64_t a, int64_t b)
{
    return is_count(&two[0], a) && is_count(&two[1], b);
}

/* A sequence: its length, or channels and length in either order, of a map with one axis also
 * after a batch of 1. */
static bool is_sequence(const cnn_claim *claim, const cnn_shape *shape)
{
    const int64_t length = only_side(shape), c = shape->channels;
    const cnn_amount *v = claim->value;
    const bool batch = claim->numbers == 3 && shape->axes == 1 && is_count(&v[0], 1) &&
                       !claim->batch && !claim->four;
    if (length == 0) {
        return false;
    }
    if (claim->numbers == 1) {
        return is_count(&v[0], length);
    }
    return (claim->numbers == 2 || batch) &&
           (are(&v[batch], c, length) || are(&v[batch], length, c));
}

/* 54: a square map of side 54; 54x54: its sides; 64x54x54: all of it. */
static bool is_map(const cnn_claim *claim, const cnn_shape *shape)
{
    const int32_t first = claim->numbers > shape->axes ? 1 : 0;
    if (claim->numbers != 1 && claim->numbers != shape->axes + first) {
        return false;
    }
    if (claim->four && claim->batch && shape->axes < CNN_AXES) {
        return false; /* five numbers */
    }
    bool is = first == 0 || is_count(&claim->value[0], shape->channels);
    if (claim->four && shape->axes == CNN_AXES) {
        is = is_count(&claim->first, shape->channels);
    }
    for (int32_t i = 0; i < shape->axes; i++) {
        is = is && is_count(&claim->value[claim->numbers == 1 ? 0 : first + i], shape->side[i]);
    }
    return is;
}

static bool is_size(const cnn_claim *claim, const cnn_shape *shape)
{
    int64_t values = shape->channels;
    for (int32_t i = 0; i < shape->axes; i++) {
        values = shape->side[i] == 1 ? values : 0;
    }
    return (values > 0 && is_only(claim, values)) ||
           (shape->axes > 0 && (is_map(claim, shape) || is_sequence(claim, shape)));
}

/* The claim with the channels of such a map first when it is written the other way round. */
static bool turned(const cnn_claim *claim, int32_t axes, cnn_claim *out)
{
    const bool volume = axes == CNN_AXES;
    *out = *claim;
    if (claim->numbers < CNN_AXES || claim->channels_first || (volume && !claim->four)) {
        return false;
    }
    *(volume ? &out->first : &out->value[0]) = claim->value[CNN_AXES - 1];
    for (int32_t i = volume ? 0 : 1; i < CNN_AXES; i++) {
        out->value[i] = i > 0 ? claim->value[i - 1] : claim->first;
    }
    return true;
}

bool cnn_claim_channels_last(const cnn_claim *claim, const cnn_answer *answer)
{
    cnn_claim other;
    return answer->kind == CNN_QUANTITY_SIZE && answer->shape.axes > 0 &&
           !is_size(claim, &answer->shape) && turned(claim, answer->shape.axes, &other) &&
           is_size(&other, &answer->shape);
}

static bool is_pair(const cnn_claim *claim, const cnn_answer *answer)
{
    if (claim->numbers == 1 && answer->only > 0) {
        return cnn_amount_is(&claim->value[0], answer->pair[answer->only - 1]);
    }
    bool is = claim->numbers == 1 || claim->numbers == answer->axes;
    for (int32_t i = 0; is && i < answer->axes; i++) {
        is = cnn_amount_is(&claim->value[claim->numbers == 1 ? 0 : i], answer->pair[i]);
    }
    return is;
}

bool cnn_claim_is(const cnn_claim *claim, const cnn_answer *answer)
{
    if (answer->numbers == 0) {
        return false;
    }
    switch (answer->kind) {
    case CNN_QUANTITY_COUNT:
        return claim->numbers == 1 && is_count(&claim->value[0], answer->count);
    case CNN_QUANTITY_SIZE:
        return is_size(claim, &answer->shape) || cnn_claim_channels_last(claim, answer);
    default:
        return is_pair(claim, answer);
    }
}

const char *const cnn_relation_signs[] = {
    [CNN_EQUAL] = "=", [CNN_LESS] = "<",      [CNN_AT_MOST] = "<=",
    [CNN_MORE] = ">",  [CNN_AT_LEAST] = ">=",
};

static bool holds(const cnn_amount *bound, cnn_relation relation, cnn_fraction right)
{
    const int32_t order = cnn_amount_compare(bound, right);
    switch (relation) {
    case CNN_LESS:
        return order > 0;
    case CNN_AT_MOST:
        return order >= 0;
    case CNN_MORE:
        return order < 0;
    default:
        return order <= 0;
    }
}

bool cnn_claim_holds(const cnn_claim *claim, const cnn_answer *answer)
{
    const cnn_amount *bound = claim->value;
    if (answer->kind == CNN_QUANTITY_COUNT) {
        return answer->numbers > 0 &&
               holds(bound, claim->relation, (cnn_fraction){answer->count, 1});
    }
    bool all = answer->numbers > 0 && (claim->numbers == 1 || claim->numbers == answer->axes);
    for (int32_t i = 0; all && i < answer->axes; i++) {
        all = holds(&bound[claim->numbers == 1 ? 0 : i], claim->relation, answer->pair[i]);
    }
    return all;
}

int32_t cnn_claim_digits(const cnn_claim *claim)
{
    int32_t least = INT32_MAX;
    for (int32_t i = 0; i < claim->numbers; i++) {
        const int32_t digits = cnn_amount_digits(&claim->value[i]);
        least = digits < least ? digits : least;
    }
    return least;
}

/* ---- lists of claims ---- */

/* 100 times the part over the whole, as exactly as fits. */
static void share_of(cnn_claim *claim, const cnn_numbers *numbers)
{
    const cnn_subject total = cnn_subject_total(numbers->net);
    int64_t part, whole;
    claim->right = (cnn_answer){.kind = CNN_QUANTITY_PAIR};
    if (!cnn_sum_of(claim->what, &claim->of, numbers->net->layers, numbers, &part) ||
        !cnn_sum_of(claim->what, &total, numbers->net->layers, numbers, &whole) || whole == 0) {
        return;
    }
    while (whole > INT64_MAX / 1024) {
        part /= 2;
        whole /= 2;
    }
    claim->right.pair[0] = (cnn_fraction){100 * part, whole};
    claim->right.axes = claim->right.numbers = 1;
    /* Whole percent are rounded, too. */
    claim->value[0].step = claim->value[0].step > 0 ? claim->value[0].step : 1;
}

bool cnn_claim_add(cnn_claims *claims, const cnn_claim *claim, const cnn_numbers *numbers,
                   cnn_error *err)
{
    cnn_claim *to = cnn_arena_push(claims->arena, sizeof *to);
    if (to == NULL) {
        return cnn_fail_memory(err);
    }
    claims->count++;
    *to = *claim;
    to->source = claims->source;
    to->from = to->next = -1;
    if (to->share) {
        share_of(to, numbers);
        return true;
    }
    if (to->what != NULL &&
        !cnn_answer_of(to->what, &to->of, numbers->net->layers, numbers, &to->right)) {
        to->right.numbers = 0;
    }
    return true;
}

/* A size is that of the last layer, a count begins with the first one. */
int32_t cnn_claim_place(const cnn_claim *claim, const cnn_network *net)
{
    return claim->of.total                           ? net->layer_count
           : claim->what->kind == CNN_QUANTITY_COUNT ? claim->of.first
                                                     : claim->of.end - 1;
}

bool cnn_claims_link(cnn_claims *claims, const cnn_network *net, cnn_error *err)
{
    const size_t places = (size_t)net->layer_count + 1;
    claims->first_at = CNN_NEW_ARRAY(claims->arena, int32_t, places);
    if (claims->first_at == NULL) {
        return cnn_fail_memory(err);
    }
    memset(claims->first_at, -1, places * sizeof(int32_t));
    for (int32_t i = claims->count - 1; i >= 0; i--) {
        cnn_claim *claim = &claims->list[i];
        if (claim->verdict != CNN_VERDICT_UNREAD && claim->relation == CNN_EQUAL && !claim->share) {
            int32_t *at = &claims->first_at[cnn_claim_place(claim, net)];
            claim->next = *at;
            *at = i;
        }
    }
    return true;
}

int32_t cnn_claims_at(const cnn_claims *claims, const cnn_quantity *what, int32_t layer)
{
    int32_t at = claims->first_at[layer];
    while (at >= 0 && (claims->list[at].what != what || claims->list[at].of.without_aux)) {
        at = claims->list[at].next;
    }
    return at;
}

bool cnn_subject_next(const cnn_network *net, bool all, int32_t *at, int32_t *number,
                      cnn_subject *out)
{
    if (*at >= net->layer_count) {
        return false;
    }
    const cnn_item *item = net->layers[*at].item;
    const bool whole = !all && item != NULL && item->composite;
    *out = (cnn_subject){.first = *at, .end = whole ? item->end : *at + 1};
    out->item = whole ? ++*number : 0;
    *number += whole ? 0 : 1;
    *at = out->end;
    return true;
}
