/*
 * Follow-through: an answer that is right given the pupil's own earlier answers is no new mistake.
 * For that the network is computed once more, with the claimed sizes in place of the right ones.
 */
#include <string.h>

#include "base/arena.h"
#include "base/checked.h"
#include "check/diagnose.h"

typedef struct follower {
    cnn_claims *claims;
    const cnn_numbers *numbers;
    cnn_pupil *pupil;
    cnn_arena scratch;
} follower;

static int32_t quantity_index(const cnn_quantity *quantity)
{
    return (int32_t)(quantity - cnn_quantities);
}

static const cnn_quantity *output_quantity(void)
{
    return cnn_quantity_find(cnn_text_of("output"));
}

void cnn_claims_judge(cnn_claims *claims)
{
    for (int32_t i = 0; i < claims->count; i++) {
        cnn_claim *claim = &claims->list[i];
        const bool right = claim->relation == CNN_EQUAL ? cnn_claim_is(claim, &claim->right)
                                                        : cnn_claim_holds(claim, &claim->right);
        claim->verdict = right ? CNN_VERDICT_RIGHT : CNN_VERDICT_WRONG;
        claim->channels_last = right && cnn_claim_channels_last(claim, &claim->right);
    }
}

/* ---- who claims what ---- */

static int32_t *claimed_at(const follower *f, const cnn_quantity *quantity, int32_t layer)
{
    return &f->pupil->claimed[quantity_index(quantity) * f->numbers->net->layer_count + layer];
}

static void list_claims(follower *f)
{
    const int32_t cells = (int32_t)cnn_quantity_count * f->numbers->net->layer_count;
    memset(f->pupil->claimed, -1, (size_t)cells * sizeof(int32_t));
    memset(f->pupil->totals, -1, cnn_quantity_count * sizeof(int32_t));
    for (int32_t i = 0; i < f->claims->count; i++) {
        const cnn_claim *claim = &f->claims->list[i];
        if (claim->relation != CNN_EQUAL || claim->of.without_aux) {
            continue;
        }
        /* A size is that of the last layer, a count begins with the first one. */
        const int32_t layer =
            claim->what == output_quantity() ? claim->of.end - 1 : claim->of.first;
        int32_t *at = claim->of.total ? &f->pupil->totals[quantity_index(claim->what)]
                                      : claimed_at(f, claim->what, layer);
        *at = *at < 0 ? i : *at;
    }
}

/* ---- sizes ---- */

/* The shape that a size claim says; what it leaves open is as in `right`. False: it has fractions.
 */
static bool claimed_shape(const cnn_claim *claim, const cnn_shape *right, cnn_shape *out)
{
    int64_t n[CNN_AXES] = {0};
    for (int32_t i = 0; i < claim->numbers; i++) {
        n[i] = claim->value[i].num;
        if (claim->value[i].den != 1 || claim->value[i].step != 0 || n[i] < 1) {
            return false;
        }
    }
    *out = *right;
    if (right->axes == 0) {
        out->channels = n[0];
        return claim->numbers == 1;
    }
    const bool last = claim->numbers == 3 && n[0] == n[1] && n[1] != n[2];
    const int32_t sides = claim->numbers == 3 && !last ? 1 : 0;
    out->channels = claim->numbers < 3 ? right->channels : n[last ? 2 : 0];
    out->side[0] = n[sides];
    out->side[1] = claim->numbers == 1 ? n[0] : n[sides + 1];
    return true;
}

static int32_t root_of_sources(const follower *f, const cnn_layer *layer)
{
    int32_t root = -1;
    for (int32_t i = 0; i < layer->source_count; i++) {
        const int32_t its = f->pupil->root[layer->sources[i]];
        root = its > root ? its : root;
    }
    return root;
}

/* A layer whose size the pupil claims: what it is for the layers behind it. */
static void take_claim(follower *f, int32_t index, int32_t at, cnn_layer *follows, bool possible)
{
    cnn_claim *claim = &f->claims->list[at];
    cnn_shape *forced = &f->pupil->forced[index];
    const cnn_answer answer = {.kind = CNN_QUANTITY_SIZE, .shape = follows->out, .numbers = 1};
    if (claim->verdict == CNN_VERDICT_RIGHT) {
        *forced = claim->right.shape;
        f->pupil->root[index] = -1;
    } else if (possible && f->pupil->root[index] >= 0 && cnn_claim_is(claim, &answer)) {
        claim->verdict = CNN_VERDICT_FOLLOWS;
        claim->from = f->pupil->root[index];
        return;
    } else {
        const bool whole = claimed_shape(claim, &claim->right.shape, forced);
        forced->axes = whole ? forced->axes : -1;
        f->pupil->root[index] = whole ? at : -1;
        if (!whole) {
            *follows = f->numbers->net->layers[index];
        }
    }
    if (forced->axes >= 0 && !cnn_study_layer(follows, f->pupil->layers, forced, f->scratch)) {
        *follows = f->numbers->net->layers[index];
        forced->axes = -1;
        f->pupil->root[index] = -1;
    }
}

static void follow_sizes(follower *f)
{
    const cnn_network *net = f->numbers->net;
    cnn_layer *layers = f->pupil->layers;
    layers[0] = net->layers[0];
    f->pupil->root[0] = -1;
    f->pupil->forced[0].axes = -1;
    for (int32_t i = 1; i < net->layer_count; i++) {
        const int32_t at = *claimed_at(f, output_quantity(), i);
        layers[i] = net->layers[i];
        f->pupil->forced[i].axes = -1;
        f->pupil->root[i] = root_of_sources(f, &layers[i]);
        bool possible = true;
        if (f->pupil->root[i] >= 0) {
            possible = cnn_study_layer(&layers[i], layers, NULL, f->scratch);
            if (!possible) {
                layers[i] = net->layers[i];
            }
        }
        if (at >= 0) {
            take_claim(f, i, at, &layers[i], possible);
        } else if (!possible) {
            f->pupil->root[i] = -1;
        }
    }
}

/* ---- everything else ---- */

static void mark(cnn_claim *claim, int32_t from)
{
    claim->verdict = CNN_VERDICT_FOLLOWS;
    claim->from = from;
}

/* The answer of one layer with the pupil's sizes before it, and with or without those behind it. */
static bool follows_from_sizes(const follower *f, const cnn_claim *claim, int32_t *from)
{
    const int32_t index = claim->of.end - 1;
    const int32_t root = f->pupil->root[index],
                  before = root_of_sources(f, &f->pupil->layers[index]);
    cnn_answer answer;
    if (root >= 0 &&
        cnn_answer_of(claim->what, &claim->of, f->pupil->layers, f->numbers, &answer) &&
        cnn_claim_is(claim, &answer)) {
        *from = root;
        return true;
    }
    cnn_layer layer = f->numbers->net->layers[index];
    *from = before;
    if (before < 0 || !cnn_subject_single(&claim->of) || claim->what->kind == CNN_QUANTITY_PAIR ||
        !cnn_study_layer(&layer, f->pupil->layers, NULL, f->scratch)) {
        return false;
    }
    /* The layer alone: its subject within an array that begins with it. */
    const cnn_network alone = {.layers = &layer, .layer_count = 1};
    cnn_numbers numbers = *f->numbers;
    numbers.net = &alone;
    const cnn_subject only = cnn_subject_layer(0);
    return cnn_answer_of(claim->what, &only, &layer, &numbers, &answer) &&
           cnn_claim_is(claim, &answer);
}

/* The sum of the pupil's own terms; layers that nobody claims count as they are in `layers`. */
static bool own_sum(const follower *f, const cnn_claim *claim, const cnn_layer *layers,
                    cnn_answer *out, int32_t *from)
{
    const cnn_quantity *quantity = claim->what;
    *out = (cnn_answer){.kind = CNN_QUANTITY_COUNT, .numbers = 1};
    *from = -1;
    bool fits = true;
    int32_t i = claim->of.total && quantity->with_input ? 0 : claim->of.first;
    while (fits && i < claim->of.end) {
        const int32_t at = *claimed_at(f, quantity, i);
        const cnn_claim *term = at >= 0 ? &f->claims->list[at] : NULL;
        if (term != NULL && term != claim) {
            /* What is right counts exactly, also where it was rounded. */
            const bool right = term->verdict == CNN_VERDICT_RIGHT;
            const bool whole = term->value[0].den == 1;
            fits = (right || whole) &&
                   cnn_checked_add(out->count, right ? term->right.count : term->value[0].num,
                                   &out->count);
            *from = right || *from >= 0 ? *from : at;
            i = term->of.end;
        } else {
            int64_t count;
            fits = cnn_layer_count(quantity, &layers[i], f->numbers, &count) &&
                   cnn_checked_add(out->count, count, &out->count);
            i++;
        }
    }
    return fits && *from >= 0;
}

static bool follows_from_terms(const follower *f, const cnn_claim *claim, int32_t *from)
{
    cnn_answer answer;
    if (cnn_subject_single(&claim->of) || claim->what->kind != CNN_QUANTITY_COUNT) {
        return false;
    }
    return (own_sum(f, claim, f->numbers->net->layers, &answer, from) &&
            cnn_claim_is(claim, &answer)) ||
           (own_sum(f, claim, f->pupil->layers, &answer, from) && cnn_claim_is(claim, &answer));
}

/* FLOPs are twice the MACs, also when the MACs are wrong. */
static bool follows_from_base(const follower *f, const cnn_claim *claim, int32_t *from)
{
    if (claim->what->factor == 0) {
        return false;
    }
    const cnn_quantity *base = cnn_quantity_named(claim->what->from);
    *from = claim->of.total ? f->pupil->totals[quantity_index(base)]
                            : *claimed_at(f, base, claim->of.first);
    if (*from < 0) {
        return false;
    }
    const cnn_claim *its = &f->claims->list[*from];
    cnn_answer answer = {.kind = CNN_QUANTITY_COUNT, .numbers = 1};
    return its->verdict != CNN_VERDICT_RIGHT && its->of.end == claim->of.end &&
           its->value[0].den == 1 &&
           cnn_checked_mul(its->value[0].num, claim->what->factor, &answer.count) &&
           cnn_claim_is(claim, &answer);
}

static void follow_rest(follower *f)
{
    for (int32_t i = 0; i < f->claims->count; i++) {
        cnn_claim *claim = &f->claims->list[i];
        int32_t from;
        if (claim->verdict != CNN_VERDICT_WRONG || claim->relation != CNN_EQUAL) {
            continue;
        }
        const bool own_size = claim->what == output_quantity() && !claim->of.total;
        if ((!own_size && follows_from_sizes(f, claim, &from)) ||
            follows_from_terms(f, claim, &from) || follows_from_base(f, claim, &from)) {
            const cnn_claim *root = &f->claims->list[from];
            mark(claim, root->verdict == CNN_VERDICT_FOLLOWS ? root->from : from);
        }
    }
}

bool cnn_claims_follow(cnn_claims *claims, const cnn_numbers *numbers, cnn_pupil *pupil,
                       cnn_arena *arena, cnn_error *err)
{
    const int32_t layers = numbers->net->layer_count;
    *pupil = (cnn_pupil){
        .layers = CNN_NEW_ARRAY(arena, cnn_layer, layers),
        .forced = CNN_NEW_ARRAY(arena, cnn_shape, layers),
        .root = CNN_NEW_ARRAY(arena, int32_t, layers),
        .claimed = CNN_NEW_ARRAY(arena, int32_t, (size_t)layers * cnn_quantity_count),
        .totals = CNN_NEW_ARRAY(arena, int32_t, cnn_quantity_count),
    };
    if (pupil->layers == NULL || pupil->forced == NULL || pupil->root == NULL ||
        pupil->claimed == NULL || pupil->totals == NULL) {
        return cnn_fail_memory(err);
    }
    follower f = {claims, numbers, pupil, *arena};
    list_claims(&f);
    follow_sizes(&f);
    /* Totals stand last: whatever they follow from has its verdict by then. */
    follow_rest(&f);
    return true;
}
