/* What a claim says, and whether an answer is that. */
#include "check/claim.h"

#include "base/checked.h"

/* The number of bytes of "x" or of the multiplication sign, with blanks around; 0: neither. */
static size_t times_at(cnn_text text)
{
    size_t i = 0;
    while (i < text.size && text.data[i] == ' ') {
        i++;
    }
    const cnn_text rest = {text.data + i, text.size - i};
    const size_t times = cnn_text_times(rest);
    if (times == 0) {
        return 0;
    }
    i += times;
    while (i < text.size && text.data[i] == ' ') {
        i++;
    }
    return i < text.size && cnn_is_digit(text.data[i]) ? i : 0;
}

bool cnn_claim_value(cnn_text *text, bool commas, cnn_text all, cnn_claim *out, cnn_error *err)
{
    out->numbers = 0;
    for (;;) {
        if (!cnn_amount_read(text, commas, all, &out->value[out->numbers], err)) {
            return false;
        }
        out->numbers++;
        const size_t times = times_at(*text);
        if (times == 0) {
            return true;
        }
        if (out->numbers == CNN_AXES) {
            return false;
        }
        text->data += times;
        text->size -= times;
    }
}

static bool is_count(const cnn_amount *amount, int64_t right)
{
    return cnn_amount_is(amount, (cnn_fraction){right, 1});
}

/* 54: a vector of 54, or a square map of side 54; 54x54: its sides; 64x54x54: all of it. */
static bool is_size(const cnn_claim *claim, const cnn_shape *shape)
{
    const cnn_amount *value = claim->value;
    if (shape->axes == 0) {
        return claim->numbers == 1 && is_count(&value[0], shape->channels);
    }
    const int32_t sides = claim->numbers == 3 ? 1 : 0;
    const int32_t width = claim->numbers == 1 ? 0 : sides + 1;
    return (sides == 0 || is_count(&value[0], shape->channels)) &&
           is_count(&value[sides], shape->side[0]) && is_count(&value[width], shape->side[1]);
}

/* The claim as channels x height x width when it is written the other way round. */
static bool turned(const cnn_claim *claim, cnn_claim *out)
{
    *out = *claim;
    out->value[0] = claim->value[2];
    out->value[1] = claim->value[0];
    out->value[2] = claim->value[1];
    return claim->numbers == 3;
}

bool cnn_claim_channels_last(const cnn_claim *claim, const cnn_answer *answer)
{
    cnn_claim other;
    return answer->kind == CNN_QUANTITY_SIZE && answer->shape.axes > 0 &&
           !is_size(claim, &answer->shape) && turned(claim, &other) &&
           is_size(&other, &answer->shape);
}

static bool is_pair(const cnn_claim *claim, const cnn_answer *answer)
{
    const int32_t second = claim->numbers > 1 ? 1 : 0;
    return claim->numbers <= 2 && cnn_amount_is(&claim->value[0], answer->pair[0]) &&
           cnn_amount_is(&claim->value[second], answer->pair[1]);
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
    return answer->numbers > 0 && claim->numbers <= 2 &&
           holds(&bound[0], claim->relation, answer->pair[0]) &&
           holds(&bound[claim->numbers - 1], claim->relation, answer->pair[1]);
}

void cnn_claim_add(cnn_claims *claims, const cnn_claim *claim, const cnn_numbers *numbers)
{
    cnn_claim *to = &claims->list[claims->count++];
    *to = *claim;
    to->from = -1;
    if (!cnn_answer_of(to->what, &to->of, numbers->net->layers, numbers, &to->right)) {
        to->right.numbers = 0;
    }
}

size_t cnn_claim_bound(cnn_text text)
{
    size_t count = 2;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        count += c == ',' || c == ';' || c == '\t' || c == '\n';
    }
    return count;
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
