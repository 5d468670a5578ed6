/*
 * Following through receptive fields and jumps: each layer's field follows from the pupil's own
 * field and jump of the layer before.
 */
#include <string.h>

#include "base/arena.h"
#include "base/checked.h"
#include "check/follow.h"

typedef cnn_follower follower;

/* The pupil's field and jump of one layer along one axis, and the claims that they come from. */
typedef struct own_field {
    int64_t size[CNN_AXES], jump[CNN_AXES];
    int32_t root;
} own_field;

/* From those of the layer before, as the right ones follow from the right ones: j = j s and
 * r = r + (e - 1) j. */
static bool field_step(const cnn_field *before, const cnn_field *right, int32_t axis,
                       own_field *own)
{
    const cnn_fraction j = before->jump[axis], next = right->jump[axis];
    int64_t more = right->size[axis] - before->size[axis];
    if (j.den != 1 || next.den != 1 || next.num % j.num != 0 || more % j.num != 0) {
        return false;
    }
    return cnn_checked_mul(more / j.num, own->jump[axis], &more) &&
           cnn_checked_add(own->size[axis], more, &own->size[axis]) &&
           cnn_checked_mul(own->jump[axis], next.num / j.num, &own->jump[axis]);
}

/* Compares a claim about the field or the jump with what follows, or takes it as what others follow
 * from. */
static void take_field(follower *f, int32_t at, int64_t *number, const int64_t *right,
                       own_field *own, bool possible)
{
    if (at < 0) {
        return;
    }
    cnn_claim *claim = &f->claims->list[at];
    int64_t n[CNN_AXES] = {0};
    cnn_answer follows = claim->right;
    for (int32_t axis = 0; axis < CNN_AXES; axis++) {
        follows.pair[axis] = (cnn_fraction){number[axis], 1};
    }
    if (claim->verdict != CNN_VERDICT_RIGHT && possible && own->root >= 0 &&
        cnn_claim_is(claim, &follows)) {
        cnn_mark_follows(claim, own->root);
        return;
    }
    const bool is_right = claim->verdict == CNN_VERDICT_RIGHT;
    if (!is_right && (claim->numbers > CNN_AXES || !cnn_whole_numbers(claim, n))) {
        return;
    }
    for (int32_t axis = 0; axis < CNN_AXES; axis++) {
        number[axis] = is_right ? right[axis] : n[claim->numbers > 1 ? axis : 0];
    }
    own->root = is_right ? own->root : at;
}

/* Right answers in both columns end what an earlier wrong one began. */
static bool both_right(const follower *f, int32_t size, int32_t jump)
{
    const cnn_claim *list = f->claims->list;
    return size >= 0 && list[size].verdict == CNN_VERDICT_RIGHT &&
           (jump < 0 || list[jump].verdict == CNN_VERDICT_RIGHT);
}

bool cnn_fields_follow(cnn_follower *f, cnn_error *err)
{
    const cnn_network *net = f->numbers->net;
    const cnn_quantity *rf = cnn_quantity_named("rf"), *jump = cnn_quantity_named("jump");
    own_field *own = CNN_NEW_ARRAY(&f->scratch, own_field, net->layer_count);
    if (own == NULL) {
        return cnn_fail_memory(err);
    }
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_field *right = &f->numbers->fields[i];
        const int64_t jumps[CNN_AXES] = {right->jump[0].num, right->jump[1].num,
                                         right->jump[2].num};
        const cnn_layer *layer = &net->layers[i];
        const int32_t source = i > 0 && layer->source_count == 1 ? layer->sources[0] : -1;
        own[i] = source >= 0 ? own[source] : (own_field){.root = -1};
        bool possible = source >= 0;
        for (int32_t axis = 0; axis < CNN_AXES && possible; axis++) {
            possible = field_step(&f->numbers->fields[source], right, axis, &own[i]);
        }
        if (!possible) {
            own[i].root = -1;
            memcpy(own[i].size, right->size, sizeof own[i].size);
            memcpy(own[i].jump, jumps, sizeof own[i].jump);
        }
        const int32_t claimed = cnn_claimed_at(f, rf, i), step = cnn_claimed_at(f, jump, i);
        take_field(f, claimed, own[i].size, right->size, &own[i], possible);
        take_field(f, step, own[i].jump, jumps, &own[i], possible);
        own[i].root = both_right(f, claimed, step) ? -1 : own[i].root;
    }
    return true;
}
