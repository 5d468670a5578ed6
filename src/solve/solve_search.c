/*
 * The search: every combination of numbers within bounds that are told, each list read as a whole,
 * so that there is no second way to compute anything. One unknown within a budget is followed
 * beyond the bounds by doubling and halving.
 */
#include <string.h>

#include "base/arena.h"
#include "base/checked.h"
#include "solve/solve.h"

/* Layers that may be read in all: a second or two. */
static const int64_t MOST_WORK = 3000000;

/* Of one list, which is read at least 64 times; of all until one can be read; and of all after. */
enum { MOST_LAYERS = 40000, MOST_SPENT = 12000000, MOST_USED = 6000000 };

enum { MOST_TRIES = 300000, SMALL_ALONE = 1023, SMALL = 16, LARGE = 65535 };

/* ---- bounds ---- */

static int64_t largest_wanted(const cnn_solver *s)
{
    int64_t most = 0;
    for (int32_t i = 0; i < s->want_count; i++) {
        const cnn_claim *want = &s->wants[i];
        for (int32_t k = 0; k < want->numbers && want->what->kind != CNN_QUANTITY_COUNT; k++) {
            most = want->value[k].num > most ? want->value[k].num : most;
        }
    }
    return most;
}

static int64_t power(int64_t base, int32_t exponent)
{
    int64_t product = 1;
    for (int32_t i = 0; i < exponent && product <= MOST_TRIES; i++) {
        product *= base;
    }
    return product;
}

/* As far as the time allows for lists of so many layers. */
static void set_bounds(cnn_solver *s, int32_t layers)
{
    const int32_t count = s->unknowns.count;
    int64_t tries = MOST_WORK / (layers + 4);
    tries = tries > MOST_TRIES ? MOST_TRIES : (tries < 64 ? 64 : tries);
    int32_t large = 0;
    for (int32_t i = 0; i < count; i++) {
        large += s->unknowns.list[i].large;
    }
    int64_t small = count == 1 ? SMALL_ALONE : SMALL;
    while (power(small + 1, count) > tries) { /* 2 to the 6th is not */
        small--;
    }
    int64_t most = 2 * (largest_wanted(s) < MOST_TRIES ? largest_wanted(s) : MOST_TRIES);
    most = most > LARGE ? most : LARGE;
    const int64_t rest = tries / power(small + 1, count - large);
    while (power(most, large) > rest) {
        most -= most > 1024 ? most / 64 : 1;
    }
    for (int32_t i = 0; i < count; i++) {
        s->unknowns.list[i].high = s->unknowns.list[i].large ? most : small;
    }
}

/* ---- one combination ---- */

/* How far `got` is from what is wanted; `side` is 0 below, 1 above, -1 neither. */
static uint64_t distance_of(int64_t wanted, int64_t got, int32_t *side)
{
    if (wanted == got) {
        return 0;
    }
    const int32_t mine = got > wanted;
    *side = *side == 2 || *side == mine ? mine : -1;
    return mine != 0 ? (uint64_t)got - (uint64_t)wanted : (uint64_t)wanted - (uint64_t)got;
}

static uint64_t size_distance(const cnn_claim *want, const cnn_shape *got, int32_t *side)
{
    const int32_t first = want->numbers > got->axes ? 1 : 0;
    uint64_t distance = 0;
    *side = 2;
    if (first == 1) {
        distance += distance_of(want->value[0].num, got->channels, side);
    }
    if (got->axes == 0) {
        *side = want->numbers > 1 ? -1 : *side;
        return distance;
    }
    for (int32_t i = 0; i < got->axes; i++) {
        const int32_t at = want->numbers == 1 ? 0 : first + i;
        distance += distance_of(want->value[at].num, got->side[i], side);
    }
    return distance;
}

static void keep_miss(cnn_solver *s, const cnn_claim *want, cnn_solution *tried)
{
    const bool least = want->relation == CNN_MORE || want->relation == CNN_AT_LEAST;
    const bool size = want->what->kind == CNN_QUANTITY_SIZE;
    int32_t side = 2;
    if (size) {
        tried->distance = size_distance(want, &tried->answer.shape, &side);
    } else {
        const cnn_fraction pair = tried->answer.pair[0];
        const bool count = want->what->kind == CNN_QUANTITY_COUNT;
        tried->distance = distance_of(want->value[0].num / want->value[0].den,
                                      count ? tried->answer.count : pair.num / pair.den, &side);
        /* A budget is missed on its far side, by nothing too when it excludes its bound. */
        side = count || want->relation != CNN_EQUAL ? !least : side;
    }
    if (side == 0 || side == 1) {
        if (!s->missed[side] || tried->distance < s->miss[side].distance) {
            s->miss[side] = *tried;
            s->miss_of[side] = want;
        }
        s->missed[side] = true;
        s->over = side == 1 && s->budget >= 0 && want == &s->wants[s->budget];
    }
}

static bool satisfies(const cnn_claim *want, const cnn_answer *answer)
{
    const bool budget = want->what->kind == CNN_QUANTITY_COUNT && want->relation == CNN_EQUAL;
    cnn_claim within = *want;
    within.relation = CNN_AT_MOST;
    return budget || want->relation != CNN_EQUAL
               ? cnn_claim_holds(budget ? &within : want, answer)
               : cnn_claim_is(want, answer) && !cnn_claim_channels_last(want, answer);
}

/* All solutions, or of a budget those that come nearest to it. */
static void keep(cnn_solver *s, const cnn_solution *found)
{
    cnn_solution *kept = s->spare;
    if (s->budget >= 0 && s->first != NULL && found->distance != s->first->distance) {
        if (found->distance > s->first->distance) {
            return;
        }
        kept = s->first;
        s->first = s->last = NULL;
        s->count = 0;
        s->arena = s->empty;
    }
    if (++s->count > CNN_MOST_SOLUTIONS) {
        return;
    }
    s->spare = NULL;
    *kept = *found;
    kept->next = NULL;
    *(s->first == NULL ? &s->first : &s->last->next) = kept;
    s->last = kept;
}

/* The wants one after the other; the first one that fails is missed. */
static void judge(cnn_solver *s, const cnn_network *net, const cnn_numbers *numbers,
                  cnn_solution *tried)
{
    const cnn_subject total = cnn_subject_total(net);
    cnn_answer budget = {0};
    for (int32_t i = 0; i < s->want_count; i++) {
        const cnn_claim *want = &s->wants[i];
        if (!cnn_answer_of(want->what, &total, net->layers, numbers, &tried->answer)) {
            return;
        }
        if (!satisfies(want, &tried->answer)) {
            keep_miss(s, want, tried);
            return;
        }
        budget = i == s->budget ? tried->answer : budget;
    }
    s->accepted = true;
    if (s->budget >= 0) {
        int32_t side = 2;
        const cnn_amount *bound = &s->wants[s->budget].value[0];
        tried->answer = budget;
        tried->distance = distance_of(bound->num / bound->den, budget.count, &side);
    }
    keep(s, tried);
}

/*
 * Bounds follow from the first list that can be read. Until there is one, the layers that were read
 * in vain are counted, those of lists beyond the processor's memory three times; then the error of
 * the list is told instead of searching on. Of lists that can be read all memory counts as layers,
 * because what is wanted may take far longer: fields are followed row by row.
 */
static void spend(cnn_solver *s, const cnn_arena *left)
{
    enum { LONG = 4000 };
    const size_t bytes = (size_t)(left->low - s->arena.low) + (size_t)(s->arena.high - left->high);
    const int64_t layers = (int64_t)(bytes / sizeof(cnn_layer));
    s->layers = layers;
    s->spent += layers > LONG ? 3 * layers : layers;
}

/* The list and its input with these numbers, in the buffer. */
static cnn_text write_list(const cnn_solver *s, const int64_t *values, cnn_text *input)
{
    const cnn_text text = cnn_unknowns_fill(&s->unknowns, false, values, s->buffer);
    *input = cnn_unknowns_fill(&s->unknowns, true, values, s->buffer + text.size);
    return text;
}

/* Reads the list with these numbers. Out of memory is an error of the solver. */
static void try_values(cnn_solver *s, const int64_t *values)
{
    s->spare = s->spare != NULL ? s->spare : CNN_NEW(&s->arena, cnn_solution);
    if (s->spare == NULL) {
        (void)cnn_fail_memory(s->err);
        return;
    }
    cnn_arena arena = s->arena;
    cnn_settings settings = *s->settings;
    cnn_network net = {0};
    cnn_error err = {0};
    const cnn_text text = write_list(s, values, &settings.input);
    s->over = false;
    if (!cnn_network_read(&arena, text, &settings, &net, &err)) {
        if (err.code == CNN_OUT_OF_MEMORY) {
            (void)cnn_fail_memory(s->err);
            return;
        }
        spend(s, &arena);
        /* A number that is too small as such tells nothing about the list. */
        if (s->first_code == CNN_OK || s->first_code == CNN_E_TOO_SMALL) {
            s->first_code = err.code;
            memcpy(s->first_values, values, sizeof s->first_values);
        }
        return;
    }
    if (net.layer_count > MOST_LAYERS + 1) {
        const cnn_span whole = {0, (uint32_t)text.size};
        (void)cnn_fail_numbers(s->err, CNN_E_SOLVE_LAYERS, whole, net.layer_count - 1, MOST_LAYERS);
        return;
    }
    if (!s->any) {
        s->any = true;
        s->spent = 0;
        set_bounds(s, net.layer_count);
    }
    const cnn_solve_options *options = s->options;
    if (options->fold && !cnn_network_fold(&net, &arena, s->err)) {
        return; /* out of memory */
    }
    cnn_numbers numbers;
    uint32_t needs = 0;
    cnn_error ignored = {0};
    (void)cnn_numbers_begin(&numbers, &net, options->dtype, options->samples, &ignored);
    (void)cnn_numbers_train(&numbers, options->train, options->device, options->checkpoint,
                            &ignored);
    for (int32_t i = 0; i < s->want_count; i++) {
        needs |= s->wants[i].what->needs;
    }
    if (!cnn_numbers_prepare(&numbers, needs, &arena, &ignored) &&
        ignored.code == CNN_OUT_OF_MEMORY) {
        (void)cnn_fail_memory(s->err);
        return;
    }
    cnn_solution tried = {
        .output = net.layers[net.output].out, .params = net.totals.params, .macs = net.totals.macs};
    memcpy(tried.values, values, sizeof tried.values);
    spend(s, &arena);
    s->spent += (needs & CNN_NEEDS_FIELDS) != 0 ? s->layers : 0; /* which take longer */
    judge(s, &net, &numbers, &tried);
}

/* ---- the search ---- */

/* Lowers the bounds when the time is used up; what was tried beyond them stays. */
static void lower_bounds(cnn_solver *s, const int64_t *values)
{
    cnn_unknown *list = s->unknowns.list;
    for (int32_t i = 0; i < s->unknowns.count; i++) {
        list[i].high = s->unknowns.count == 1 ? values[i] : list[i].high / 2;
    }
    s->spent = 0;
}

/* The next combination, the last unknown fastest. */
static bool advance(const cnn_unknowns *unknowns, int64_t *values)
{
    for (int32_t i = unknowns->count - 1; i >= 0; i--) {
        if (values[i] < unknowns->list[i].high) { /* the bound may have come down meanwhile */
            values[i]++;
            return true;
        }
        values[i] = unknowns->list[i].low;
    }
    return false;
}

/* Whether the number is within the budget; lists that cannot be read are not. */
static bool within(cnn_solver *s, int64_t value)
{
    int64_t values[CNN_MOST_UNKNOWNS] = {value};
    s->accepted = false;
    try_values(s, values);
    return s->accepted;
}

/* One unknown that is still within the budget at the bound: double it until it is not, then halve
 * the interval. Counts only grow with it. */
static void follow_budget(cnn_solver *s)
{
    cnn_unknown *unknown = &s->unknowns.list[0];
    const bool at_bound = !s->over && s->last != NULL && s->last->values[0] == unknown->high;
    if (!unknown->grows || s->unknowns.count > 1 || s->budget < 0 || !at_bound) {
        return;
    }
    int64_t low = unknown->high, high = low;
    do {
        low = high;
        high *= 2;
    } while (within(s, high) && high < INT64_MAX / 2);
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        *(within(s, middle) ? &low : &high) = middle;
    }
    unknown->high = high;
}

/* How far the search is: the place of `values` among all combinations. These are as many as there
 * may be tries, or 2 for each unknown, so nothing overflows. */
static void tell_progress(const cnn_solver *s, const int64_t *values)
{
    int64_t tried = 0, all = 1;
    for (int32_t i = 0; i < s->unknowns.count; i++) {
        const cnn_unknown *unknown = &s->unknowns.list[i];
        const int64_t numbers = unknown->high - unknown->low + 1;
        tried = tried * numbers + values[i] - unknown->low;
        all *= numbers;
    }
    s->options->progress(s->options->user, tried, all);
}

bool cnn_solver_run(cnn_solver *s)
{
    enum { TOLD = 64 }; /* every so many tries */
    int64_t values[CNN_MOST_UNKNOWNS] = {0}, tries = 0;
    const bool grows = s->unknowns.count == 1 && s->unknowns.list[0].grows;
    set_bounds(s, 0);
    s->spare = CNN_NEW(&s->arena, cnn_solution);
    s->empty = s->arena;
    do {
        try_values(s, values);
        if (grows && s->over) {
            s->unknowns.list[0].high = values[0];
        }
        if (s->any && s->spent >= MOST_USED) {
            lower_bounds(s, values);
        }
        if (s->options->progress != NULL && ++tries % TOLD == 0) {
            tell_progress(s, values);
        }
    } while (s->err->code == CNN_OK && (s->any || s->spent < MOST_SPENT) &&
             advance(&s->unknowns, values));
    follow_budget(s);
    if (s->err->code != CNN_OK) {
        return false;
    }
    if (s->any) {
        return true;
    }
    if (s->spent >= MOST_SPENT && s->first_code == CNN_E_TOO_SMALL) {
        const cnn_span start = {0, 0};
        return cnn_fail_numbers(s->err, CNN_E_SOLVE_LAYERS, start, s->layers, MOST_LAYERS);
    }
    /* No number helps: the list itself is wrong. It is read once more, for the words of its error.
     */
    cnn_settings settings = *s->settings;
    const cnn_text text = write_list(s, s->first_values, &settings.input);
    cnn_network net = {0};
    (void)cnn_network_read(&s->arena, text, &settings, &net, s->err);
    const bool input = s->err->source == CNN_SOURCE_INPUT;
    s->err->span = cnn_unknowns_place(&s->unknowns, input, s->first_values, s->err->span);
    s->err->call = cnn_unknowns_place(&s->unknowns, input, s->first_values, s->err->call);
    return false;
}
