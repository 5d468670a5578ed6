/*
 * The search for mistakes. Every mistake of the table is made, at each layer where it can happen
 * and everywhere at once, and what then comes out is compared with the wrong answers. Two mistakes
 * together are tried only for answers that no single one explains.
 */
#include "check/diagnose.h"

#include "base/arena.h"

typedef struct search {
    cnn_claims *claims;
    cnn_study study;
    cnn_arena *arena;
    cnn_error *err;
    const cnn_claim *only; /* the one claim that is looked at; NULL: all wrong ones */
    bool own;              /* from the pupil's own sizes: only mistakes in the claimed layer */
} search;

enum { MOST_EXPLANATIONS = 64 }; /* of one answer */

/* ---- what is found ---- */

/* All explanations of a claim are of as many mistakes: two are tried where one does not do. */
static bool known(const cnn_claim *claim, const cnn_explanation *found)
{
    for (const cnn_explanation *e = claim->explanations; e != NULL; e = e->next) {
        bool same = true;
        for (int32_t i = 0; i < found->count; i++) {
            same = same && cnn_variation_same(&e->made[i], &found->made[i]);
        }
        if (same) {
            return true;
        }
    }
    return false;
}

/* Without memory the search is over: no steps are left. */
static void add(search *s, cnn_claim *claim, const cnn_variation *made, int32_t count)
{
    cnn_explanation found = {.next = claim->explanations, .count = count};
    for (int32_t i = 0; i < count; i++) {
        found.made[i] = made[i];
        if (count > 1 && made[i].layer == CNN_EVERYWHERE && s->study.places[i] == 1 &&
            !made[i].mistake->whole) {
            found.made[i].layer = s->study.only_place[i];
        }
        found.score += made[i].mistake->rank;
    }
    if (claim->found == MOST_EXPLANATIONS || known(claim, &found)) {
        return;
    }
    cnn_explanation *e = CNN_NEW(s->arena, cnn_explanation);
    if (e == NULL) {
        (void)cnn_fail_memory(s->err);
        s->study.steps = 0;
        return;
    }
    *e = found;
    claim->explanations = e;
    claim->found++;
    s->study.scratch = *s->arena;
}

/* A number that is rounded to two digits would fit many a mistake. */
static bool is_rough(const cnn_claim *claim)
{
    bool rough = false;
    for (int32_t i = 0; i < claim->numbers; i++) {
        rough = rough || (claim->value[i].step > 0 && claim->value[i].mantissa < 100);
    }
    return rough;
}

static bool is_open(const search *s, const cnn_claim *claim)
{
    return claim->verdict == CNN_VERDICT_WRONG && claim->relation == CNN_EQUAL &&
           claim->right.numbers > 0 && (s->only == NULL || claim == s->only);
}

/* A mistake in a layer behind the claimed one explains nothing; counts that are mistaken
 * everywhere are, for one layer, mistaken there. */
static bool concerns(const search *s, const cnn_claim *claim, const cnn_variation *v)
{
    const bool single = cnn_subject_single(&claim->of);
    if (s->own && v->layer != claim->of.first) {
        return false;
    }
    if (v->sizes ? v->mistake->local && !claim->what->sizes : claim->what->sizes) {
        return false;
    }
    if (v->layer == CNN_EVERYWHERE) {
        return !single || v->sizes;
    }
    return v->layer < claim->of.end && (v->sizes || !single || v->layer == claim->of.first);
}

/* Runs mistakes and compares with all wrong answers. */
static void try_out(search *s, const cnn_variation *made, int32_t count)
{
    if (!cnn_study_vary(&s->study, made, count)) {
        return;
    }
    /* What happens everywhere and changes one layer only was tried at that layer. */
    const bool once = made[0].layer == CNN_EVERYWHERE && s->study.places[0] == 1 && count == 1 &&
                      !made[0].mistake->whole;
    for (int32_t i = 0; i < s->claims->count && !once; i++) {
        cnn_claim *claim = &s->claims->list[i];
        cnn_answer answer;
        bool fits = is_open(s, claim) && !is_rough(claim);
        for (int32_t k = 0; k < count && fits; k++) {
            fits = concerns(s, claim, &made[k]);
        }
        if (fits && cnn_study_answer(&s->study, claim->what, &claim->of, &claim->right, &answer) &&
            cnn_claim_is(claim, &answer)) {
            add(s, claim, made, count);
        }
    }
    cnn_study_restore(&s->study);
}

/* ---- single mistakes ---- */

static int32_t variants_of(const cnn_mistake *mistake)
{
    return mistake->variants > 0 ? mistake->variants : 1;
}

/* The last layer that an open claim is about. */
static int32_t last_layer(const search *s)
{
    int32_t last = 0;
    for (int32_t i = 0; i < s->claims->count; i++) {
        const cnn_claim *claim = &s->claims->list[i];
        if (is_open(s, claim) && claim->of.end > last) {
            last = claim->of.end;
        }
    }
    return last;
}

static void try_places(search *s, cnn_variation v)
{
    const cnn_layer *layers = s->study.numbers.net->layers;
    const int32_t end = last_layer(s);
    for (v.layer = 1; v.layer < end && !v.mistake->whole; v.layer++) {
        if (cnn_mistake_fits(v.mistake, &layers[v.layer])) {
            try_out(s, &v, 1);
        }
    }
    v.layer = CNN_EVERYWHERE;
    try_out(s, &v, 1);
}

static void try_layers(search *s)
{
    for (size_t i = 0; i < cnn_mistake_count; i++) {
        const cnn_mistake *m = &cnn_mistakes[i];
        for (int32_t variant = 0; variant < variants_of(m); variant++) {
            cnn_variation v = {m, variant, 0, false};
            if (m->count != NULL) {
                try_places(s, v);
            }
            v.sizes = true;
            if (m->side != NULL || m->size != NULL) {
                try_places(s, v);
            }
        }
    }
}

/* ---- mistakes about one answer ---- */

/* A side of a map that is claimed with its fraction. */
static bool is_fraction(const cnn_layer *layer, const cnn_claim *claim)
{
    const int32_t first = claim->numbers == 3 ? 1 : 0;
    const cnn_fraction channels = {layer->out.channels, 1};
    if (claim->what->kind != CNN_QUANTITY_SIZE || claim->value[first].decimals == 0 ||
        (first > 0 && !cnn_amount_is(&claim->value[0], channels))) {
        return false;
    }
    for (int32_t axis = 0; axis < layer->out.axes; axis++) {
        const cnn_side_sum sum = cnn_side_of(layer, axis);
        cnn_fraction side = {layer->out.side[axis], 1};
        (void)cnn_side_fraction(&sum, &side);
        if (!cnn_amount_is(&claim->value[claim->numbers == 1 ? 0 : first + axis], side)) {
            return false;
        }
    }
    return true;
}

static bool is_field(const search *s, const cnn_claim *claim, const cnn_mistake *m)
{
    const int32_t index = claim->of.total ? s->study.numbers.net->output : claim->of.end - 1;
    cnn_answer answer = {.kind = CNN_QUANTITY_PAIR, .numbers = 2};
    if (!cnn_text_is(cnn_text_of(claim->what->name), "rf")) {
        return false;
    }
    for (int32_t axis = 0; axis < 2; axis++) {
        answer.pair[axis].den = 1;
        if (!m->field(s->study.base, index, axis, &answer.pair[axis].num)) {
            return false;
        }
    }
    return cnn_claim_is(claim, &answer);
}

static bool is_rebased(const cnn_claim *claim)
{
    cnn_claim other = *claim;
    return claim->numbers == 1 && claim->what->kind == CNN_QUANTITY_COUNT &&
           cnn_amount_rebased(&claim->value[0], &other.value[0]) &&
           cnn_claim_is(&other, &claim->right);
}

static bool answers_by(const search *s, const cnn_claim *claim, const cnn_mistake *m,
                       int32_t *layer)
{
    cnn_answer answer = {.kind = CNN_QUANTITY_COUNT, .numbers = 1};
    *layer = cnn_subject_single(&claim->of) ? claim->of.first : CNN_EVERYWHERE;
    if (m->exact) {
        *layer = claim->of.total ? s->study.numbers.net->output : claim->of.end - 1;
        const cnn_layer *last = &s->study.base[*layer];
        return cnn_mistake_fits(m, last) && is_fraction(last, claim);
    }
    if (is_rough(claim)) {
        return false;
    }
    if (m->value != NULL) {
        return claim->what->kind == CNN_QUANTITY_COUNT &&
               m->value(claim->what, claim->right.count, 0, &answer.count) &&
               cnn_claim_is(claim, &answer);
    }
    return m->field != NULL ? is_field(s, claim, m) : m->rebase && is_rebased(claim);
}

static void try_answers(search *s)
{
    for (int32_t i = 0; i < s->claims->count; i++) {
        cnn_claim *claim = &s->claims->list[i];
        for (size_t k = 0; k < cnn_mistake_count && is_open(s, claim); k++) {
            cnn_variation v = {&cnn_mistakes[k], 0, 0, false};
            if (answers_by(s, claim, v.mistake, &v.layer)) {
                add(s, claim, &v, 1);
            }
        }
    }
}

/* ---- two mistakes ---- */

/* Calls try_out for `first` with every mistake behind it in the table, at `layer`. */
static void try_seconds(search *s, cnn_variation first, int32_t layer)
{
    for (size_t k = (size_t)(first.mistake - cnn_mistakes) + 1; k < cnn_mistake_count; k++) {
        const cnn_mistake *m = &cnn_mistakes[k];
        for (int32_t variant = 0; variant < variants_of(m); variant++) {
            cnn_variation both[] = {first, {m, variant, layer, false}};
            if (m->whole && layer != CNN_EVERYWHERE) {
                continue;
            }
            if (m->count != NULL) {
                try_out(s, both, 2);
            }
            both[1].sizes = true;
            if (m->side != NULL || m->size != NULL) {
                try_out(s, both, 2);
            }
        }
    }
}

/* All pairs with both mistakes in `layer`, or everywhere. */
static void try_pairs_at(search *s, int32_t layer)
{
    for (size_t i = 0; i < cnn_mistake_count; i++) {
        const cnn_mistake *m = &cnn_mistakes[i];
        for (int32_t variant = 0; variant < variants_of(m); variant++) {
            cnn_variation v = {m, variant, layer, false};
            if ((m->whole && layer != CNN_EVERYWHERE) ||
                (layer != CNN_EVERYWHERE &&
                 !cnn_mistake_fits(m, &s->study.numbers.net->layers[layer]))) {
                continue;
            }
            if (m->count != NULL) {
                try_seconds(s, v, layer);
            }
            v.sizes = true;
            if (m->side != NULL || m->size != NULL) {
                try_seconds(s, v, layer);
            }
        }
    }
}

/* One mistake of the counts everywhere, and another at one layer. */
static void try_mixed_pairs(search *s)
{
    const cnn_layer *layers = s->study.numbers.net->layers;
    for (size_t i = 0; i < cnn_mistake_count; i++) {
        if (cnn_mistakes[i].count == NULL) {
            continue;
        }
        for (size_t k = 0; k < cnn_mistake_count; k++) {
            cnn_variation both[] = {{&cnn_mistakes[i], 0, CNN_EVERYWHERE, false},
                                    {&cnn_mistakes[k], 0, 1, false}};
            const bool useful = k != i && both[1].mistake->count != NULL && !both[1].mistake->whole;
            for (; useful && both[1].layer < s->study.until && s->study.steps > 0;
                 both[1].layer++) {
                if (cnn_mistake_fits(both[1].mistake, &layers[both[1].layer])) {
                    try_out(s, both, 2);
                }
            }
        }
    }
}

static void try_pairs(search *s)
{
    for (int32_t i = 0; i < s->claims->count; i++) {
        const cnn_claim *claim = &s->claims->list[i];
        s->only = NULL;
        if (!is_open(s, claim) || claim->explanations != NULL ||
            claim->what->kind == CNN_QUANTITY_PAIR) {
            continue;
        }
        s->only = claim;
        if (cnn_subject_single(&claim->of)) {
            s->study.until = claim->of.end;
            try_pairs_at(s, claim->of.first);
        } else {
            try_pairs_at(s, CNN_EVERYWHERE);
            if (claim->explanations == NULL) {
                try_mixed_pairs(s);
            }
        }
        s->study.until = s->study.numbers.net->layer_count;
    }
    s->only = NULL;
}

/* ---- the pupil's own sizes ---- */

/* Whether what enters the claimed layer is wrong already. */
static bool on_own_size(const search *s, const cnn_pupil *pupil, const cnn_claim *claim)
{
    const cnn_layer *layer = &s->study.numbers.net->layers[claim->of.first];
    for (int32_t i = 0; i < layer->source_count && cnn_subject_single(&claim->of); i++) {
        if (pupil->root[layer->sources[i]] >= 0) {
            return true;
        }
    }
    return false;
}

/* A second mistake on top of an earlier wrong size: seen only from the sizes the pupil had. */
static void try_on_own_sizes(search *s, const cnn_pupil *pupil)
{
    cnn_study_base(&s->study, pupil->layers, pupil->forced);
    s->own = true;
    for (int32_t i = 0; i < s->claims->count; i++) {
        const cnn_claim *claim = &s->claims->list[i];
        s->only = claim;
        if (is_open(s, claim) && claim->explanations == NULL && on_own_size(s, pupil, claim)) {
            try_layers(s);
        }
    }
    s->only = NULL;
    s->own = false;
    cnn_study_base(&s->study, s->study.numbers.net->layers, NULL);
}

bool cnn_claims_diagnose(cnn_claims *claims, const cnn_numbers *numbers, const cnn_pupil *pupil,
                         cnn_arena *arena, cnn_error *err)
{
    search s = {.claims = claims, .arena = arena, .err = err};
    if (last_layer(&s) == 0) {
        return true; /* nothing is wrong */
    }
    if (!cnn_study_open(&s.study, numbers, arena, err)) {
        return false;
    }
    try_layers(&s);
    try_answers(&s);
    try_on_own_sizes(&s, pupil);
    try_pairs(&s);
    if (err->code != CNN_OK || !cnn_claims_rank(claims, *arena, err)) {
        return false;
    }
    cnn_claims_follow_mistakes(claims);
    return true;
}
