/*
 * Verdicts. Some answers are right in another sense than the one that the words ask for: the values
 * of a map in place of its sides, a total without the input. They are right, and their sense is
 * told.
 */
#include "base/checked.h"
#include "check/claim.h"
#include "net/network.h"

static const cnn_layer *last_of(const cnn_claim *claim, const cnn_numbers *numbers)
{
    return &numbers->net->layers[claim->of.total ? numbers->net->output : claim->of.end - 1];
}

/* 3136 for 64x7x7 */
static bool number_of_values(const cnn_claim *claim, const cnn_numbers *numbers, cnn_answer *out)
{
    (void)numbers;
    *out = claim->right;
    out->shape = (cnn_shape){0};
    return claim->what->kind == CNN_QUANTITY_SIZE && claim->numbers == 1 &&
           claim->right.shape.axes > 0 &&
           cnn_shape_volume(&claim->right.shape, &out->shape.channels);
}

/* 7x7x64 where it is flattened */
static bool map_to_flatten(const cnn_claim *claim, const cnn_numbers *numbers, cnn_answer *out)
{
    const cnn_layer *layer = last_of(claim, numbers);
    *out = claim->right;
    out->shape = layer->in;
    return claim->what->kind == CNN_QUANTITY_SIZE && claim->numbers > 1 &&
           layer->op->role == CNN_ROLE_FLATTEN && claim->right.shape.axes == 0;
}

static bool without_input(const cnn_claim *claim, const cnn_numbers *numbers, cnn_answer *out)
{
    *out = claim->right;
    int64_t input;
    if (!claim->what->with_input || !claim->of.total ||
        !cnn_layer_count(claim->what, &numbers->net->layers[0], numbers, &input)) {
        return false;
    }
    out->count -= input;
    return true;
}

/* Of a network with fully connected layers the field of the last map. */
static bool field_of_map(const cnn_claim *claim, const cnn_numbers *numbers, cnn_answer *out)
{
    const cnn_layer *layers = numbers->net->layers;
    int32_t at = numbers->net->output;
    if (claim->what->kind != CNN_QUANTITY_PAIR || !claim->of.total || layers[at].out.axes > 0) {
        return false;
    }
    while (at > 0 && layers[at].out.axes == 0 && layers[at].source_count == 1) {
        at = layers[at].sources[0];
    }
    const cnn_subject of = cnn_subject_layer(at);
    return layers[at].out.axes > 0 && cnn_answer_of(claim->what, &of, layers, numbers, out);
}

static const struct {
    bool (*answer)(const cnn_claim *claim, const cnn_numbers *numbers, cnn_answer *out);
    const char *as;
} senses[] = {
    {number_of_values, "as a vector; here"},
    {map_to_flatten, "the map that is flattened; here"},
    {without_input, "without the input; with it"},
    {field_of_map, "of the last map; of the network"},
};

static bool right_in_a_sense(cnn_claim *claim, const cnn_numbers *numbers)
{
    cnn_answer answer;
    if (claim->share) {
        return false;
    }
    for (size_t i = 0; i < CNN_LENGTH(senses); i++) {
        if (senses[i].answer(claim, numbers, &answer) && cnn_claim_is(claim, &answer)) {
            claim->as = senses[i].as;
            claim->meant = answer;
            return true;
        }
    }
    return false;
}

void cnn_claims_judge(cnn_claims *claims, const cnn_numbers *numbers)
{
    for (int32_t i = 0; i < claims->count; i++) {
        cnn_claim *claim = &claims->list[i];
        if (claim->verdict == CNN_VERDICT_UNREAD) {
            continue;
        }
        const bool right = claim->relation != CNN_EQUAL ? cnn_claim_holds(claim, &claim->right)
                           : claim->right.numbers > 0   ? cnn_claim_is(claim, &claim->right) ||
                                                            right_in_a_sense(claim, numbers)
                                                      : false;
        claim->verdict = right ? CNN_VERDICT_RIGHT : CNN_VERDICT_WRONG;
        if (right && claim->as == NULL && claim->relation == CNN_EQUAL &&
            cnn_claim_channels_last(claim, &claim->right)) {
            claim->as = claim->right.shape.axes == CNN_AXES
                            ? "depth x height x width x channels; here"
                            : "height x width x channels; here";
            claim->meant = claim->right;
        }
    }
}
