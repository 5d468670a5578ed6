/*
 * Follow-through: an answer that is right given the pupil's own earlier answers is no new mistake.
 * For that the network is computed once more, with the claimed sizes in place of the right ones.
 */
#include "check/follow.h"
#include "base/arena.h"
#include "base/checked.h"

typedef cnn_follower follower;

int32_t cnn_claimed_at(const cnn_follower *f, const cnn_quantity *what, int32_t layer)
{
    const int32_t at = cnn_claims_at(f->claims, what, layer);
    return at >= 0 && f->claims->list[at].reading == NULL ? at : -1;
}

static int32_t root_of_sources(const int32_t *roots, const cnn_layer *layer)
{
    int32_t root = -1;
    for (int32_t i = 0; i < layer->source_count; i++) {
        const int32_t its = roots[layer->sources[i]];
        root = its > root ? its : root;
    }
    return root;
}

void cnn_mark_follows(cnn_claim *claim, int32_t from)
{
    claim->verdict = CNN_VERDICT_FOLLOWS;
    claim->from = from;
}

/* ---- sizes ---- */

static bool is_whole(const cnn_amount *amount)
{
    return amount->den == 1 && amount->step == 0 && amount->num >= 1;
}

bool cnn_whole_numbers(const cnn_claim *claim, int64_t *out)
{
    bool whole = !claim->four || is_whole(&claim->first);
    for (int32_t i = 0; i < claim->numbers; i++) {
        out[i] = claim->value[i].num;
        whole = whole && is_whole(&claim->value[i]);
    }
    return whole;
}

/* Whether three numbers are height, width, channels: the right channels are last, or the first
 * two are equal and no channels. */
static bool is_turned(const cnn_claim *claim, const int64_t *n, int64_t channels)
{
    if (claim->channels_first || n[0] == channels) {
        return false;
    }
    return n[2] == channels || (n[0] == n[1] && n[1] != n[2]);
}

/* Whether a side is 1 while others are not: a sequence is claimed by its length. */
static bool is_across(const cnn_shape *shape, int32_t axis)
{
    bool longer = false;
    for (int32_t i = 0; i < shape->axes; i++) {
        longer = longer || shape->side[i] > 1;
    }
    return longer && shape->side[axis] == 1;
}

/* The shape of a size claim; what it leaves open is as in `right`. False: it has fractions,
 * or it cannot be a size of that kind. */
static bool claimed_shape(const cnn_claim *claim, const cnn_shape *right, cnn_shape *out)
{
    int64_t n[CNN_AXES] = {0};
    if (!cnn_whole_numbers(claim, n)) {
        return false;
    }
    *out = *right;
    if (claim->numbers == 1) {
        out->channels = right->axes == 0 ? n[0] : right->channels;
        for (int32_t i = 0; i < right->axes; i++) {
            out->side[i] = is_across(right, i) ? 1 : n[0];
        }
        return true;
    }
    const int32_t first = claim->numbers > right->axes ? 1 : 0;
    const bool last = first > 0 && is_turned(claim, n, right->channels);
    const bool volume = claim->four && right->axes == CNN_AXES;
    out->channels = volume       ? claim->first.num
                    : first == 0 ? right->channels
                                 : n[last ? claim->numbers - 1 : 0];
    for (int32_t i = 0; i < right->axes; i++) {
        out->side[i] = n[last ? i : first + i];
    }
    return right->axes > 0 && claim->numbers == right->axes + first;
}

/* A layer whose size the pupil claims: what it is for the layers that follow. */
static void take_size(follower *f, int32_t index, int32_t at, cnn_layer *follows, bool possible)
{
    cnn_claim *claim = &f->claims->list[at];
    cnn_shape *forced = &f->pupil->forced[index];
    const cnn_answer answer = {.kind = CNN_QUANTITY_SIZE, .shape = follows->out, .numbers = 1};
    if (claim->verdict == CNN_VERDICT_RIGHT) {
        *forced = claim->right.shape;
        f->pupil->root[index] = -1;
    } else if (possible && f->pupil->root[index] >= 0 && cnn_claim_is(claim, &answer)) {
        cnn_mark_follows(claim, f->pupil->root[index]);
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
    const cnn_quantity *output = cnn_quantity_named("output");
    cnn_layer *layers = f->pupil->layers;
    layers[0] = net->layers[0];
    f->pupil->root[0] = -1;
    f->pupil->forced[0].axes = -1;
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const int32_t at = cnn_claimed_at(f, output, i);
        layers[i] = net->layers[i];
        f->pupil->forced[i].axes = -1;
        f->pupil->root[i] = root_of_sources(f->pupil->root, &layers[i]);
        bool possible = true;
        if (f->pupil->root[i] >= 0) {
            possible = cnn_study_layer(&layers[i], layers, NULL, f->scratch);
            if (!possible) {
                layers[i] = net->layers[i];
            }
        }
        if (at >= 0) {
            take_size(f, i, at, &layers[i], possible);
        } else if (!possible) {
            f->pupil->root[i] = -1;
        }
    }
}

/* ---- everything else ---- */

/* The answer of one layer with the pupil's sizes before it, and with or without the later ones. */
static bool follows_from_sizes(const follower *f, const cnn_claim *claim, int32_t *from)
{
    const int32_t index = claim->of.end - 1;
    const int32_t root = f->pupil->root[index],
                  before = root_of_sources(f->pupil->root, &f->pupil->layers[index]);
    cnn_answer answer;
    if (root >= 0 &&
        cnn_answer_of(claim->what, &claim->of, f->pupil->layers, f->numbers, &answer) &&
        cnn_claim_is(claim, &answer)) {
        *from = root;
        return true;
    }
    cnn_layer layer = f->numbers->net->layers[index];
    *from = before;
    if (before < 0 || !cnn_subject_single(&claim->of) ||
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

/* A sum of whole numbers and of decimals. False: it does not fit, or a term is no decimal, such as
 * 1/3. */
static bool add_written(cnn_fraction *sum, int64_t num, int64_t den)
{
    while (sum->den < den) {
        if (!cnn_checked_mul(sum->num, 10, &sum->num) ||
            !cnn_checked_mul(sum->den, 10, &sum->den)) {
            return false;
        }
    }
    return sum->den % den == 0 && cnn_checked_mul(num, sum->den / den, &num) &&
           cnn_checked_add(sum->num, num, &sum->num);
}

/* How the terms of a sum are taken. */
typedef struct terms {
    const cnn_layer *layers; /* what counts where nothing is claimed */
    bool written;            /* right ones as they are written, too, rounded */
} terms;

/* The sum of the pupil's own terms. `from`: the first one that makes it differ from the right sum,
 * -1: none. */
static bool own_sum(const follower *f, const cnn_claim *claim, const terms *as, cnn_fraction *sum,
                    int32_t *from)
{
    const cnn_quantity *what = claim->what;
    *sum = (cnn_fraction){0, 1};
    *from = -1;
    bool fits = true;
    int32_t i = claim->of.total && what->with_input ? 0 : claim->of.first;
    while (fits && i < claim->of.end) {
        const int32_t at = cnn_claimed_at(f, what, i);
        const cnn_claim *term = at >= 0 ? &f->claims->list[at] : NULL;
        if (term != NULL && term != claim) {
            const cnn_amount *value = &term->value[0];
            const bool exact = term->verdict == CNN_VERDICT_RIGHT && !as->written;
            fits = exact ? add_written(sum, term->right.count, 1)
                         : add_written(sum, value->num, value->den);
            const bool differs = as->written ? value->step > 0 : !exact;
            *from = differs && *from < 0 ? at : *from;
            i = term->of.end;
        } else {
            int64_t count;
            fits = cnn_layer_count(what, &as->layers[i], f->numbers, &count) &&
                   add_written(sum, count, 1);
            i++;
        }
    }
    return fits && *from >= 0;
}

static bool follows_from_terms(const follower *f, cnn_claim *claim, int32_t *from)
{
    const terms ways[] = {
        {f->numbers->net->layers, false}, {f->pupil->layers, false}, {f->pupil->layers, true}};
    if (cnn_subject_single(&claim->of) || claim->what->count == NULL) {
        return false;
    }
    for (size_t i = 0; i < CNN_LENGTH(ways); i++) {
        cnn_fraction sum;
        if (own_sum(f, claim, &ways[i], &sum, from) && cnn_amount_is(&claim->value[0], sum)) {
            claim->rounded = ways[i].written;
            return true;
        }
    }
    return false;
}

/* FLOPs are twice the MACs, also when the MACs are wrong. */
static bool follows_from_base(const follower *f, const cnn_claim *claim, int32_t *from)
{
    if (claim->what->factor == 0) {
        return false;
    }
    *from = cnn_claimed_at(f, cnn_quantity_named(claim->what->from),
                           claim->of.total ? f->numbers->net->layer_count : claim->of.first);
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
    const cnn_quantity *output = cnn_quantity_named("output");
    for (int32_t i = 0; i < f->claims->count; i++) {
        cnn_claim *claim = &f->claims->list[i];
        int32_t from;
        if (claim->verdict != CNN_VERDICT_WRONG || claim->relation != CNN_EQUAL ||
            claim->reading != NULL || claim->share || claim->what->kind == CNN_QUANTITY_PAIR) {
            continue;
        }
        const bool own_size = claim->what == output && !claim->of.total;
        if ((!own_size && follows_from_sizes(f, claim, &from)) ||
            follows_from_terms(f, claim, &from) || follows_from_base(f, claim, &from)) {
            const cnn_claim *root = &f->claims->list[from];
            cnn_mark_follows(claim, root->verdict == CNN_VERDICT_FOLLOWS ? root->from : from);
        }
    }
}

bool cnn_claims_follow(cnn_claims *claims, const cnn_numbers *numbers, cnn_pupil *pupil,
                       cnn_error *err)
{
    const int32_t layers = numbers->net->layer_count;
    *pupil = (cnn_pupil){
        .layers = CNN_NEW_ARRAY(claims->arena, cnn_layer, layers),
        .forced = CNN_NEW_ARRAY(claims->arena, cnn_shape, layers),
        .root = CNN_NEW_ARRAY(claims->arena, int32_t, layers),
    };
    if (pupil->layers == NULL || pupil->forced == NULL || pupil->root == NULL) {
        return cnn_fail_memory(err);
    }
    follower f = {claims, numbers, pupil, *claims->arena};
    follow_sizes(&f);
    if (numbers->fields != NULL && !cnn_fields_follow(&f, err)) {
        return false;
    }
    /* Totals come last: whatever they follow from has its verdict by then. */
    follow_rest(&f);
    return true;
}
