/*
 * The search: every combination of numbers within bounds that are told, each list read as a whole,
 * so that there is no second way to compute anything. One unknown within a budget is followed
 * beyond the bounds by doubling and halving.
 *
 * A search ends after a second or two whatever is wanted: its effort is counted in layers read, of
 * about 100 ns each. The bounds follow from the first list that can be read. Where later ones turn
 * out to take longer, the bounds are lowered once, and in the end those are told within which all
 * was tried.
 */
#include <string.h>

#include "base/arena.h"
#include "base/checked.h"
#include "lang/outline.h"
#include "solve/solve.h"

/* What all lists may take by the first one; then the bounds are lowered; then the search ends. */
enum { EFFORT = 8000000, NARROW = EFFORT / 4 * 5, MOST_EFFORT = 2 * EFFORT };

/* A list that cannot be tried that often is refused. */
enum { LEAST_TRIES = 64 };

enum { MOST_TRIES = 1 << 20, SMALL_ALONE = 1023, SMALL = 16, LARGE = 65535 };

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

/* Bounds within which there are not more than so many combinations, or LEAST_TRIES. */
static void set_bounds(cnn_solver *s, int64_t tries)
{
    const int32_t count = s->unknowns.count;
    tries = tries > MOST_TRIES ? MOST_TRIES : (tries < LEAST_TRIES ? LEAST_TRIES : tries);
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

/* The list and its input with these numbers, in the buffer. */
static cnn_text write_list(const cnn_solver *s, const int64_t *values, cnn_text *input)
{
    const cnn_text text = cnn_unknowns_fill(&s->unknowns, false, values, s->buffer);
    *input = cnn_unknowns_fill(&s->unknowns, true, values, s->buffer + text.size);
    return text;
}

/* The error of a list that could not be read. */
static void keep_error(cnn_solver *s, const int64_t *values, const cnn_error *err)
{
    if (err->code == CNN_OUT_OF_MEMORY) {
        (void)cnn_fail_memory(s->err);
        return;
    }
    /* A number that is too small as such tells nothing about the list. */
    if (s->first_code == CNN_OK || s->first_code == CNN_E_TOO_SMALL) {
        s->first_code = err->code;
        memcpy(s->first_values, values, sizeof s->first_values);
    }
}

/* Reads the list with these numbers. False: it cannot be read. */
static bool read_values(cnn_solver *s, const int64_t *values, cnn_arena *arena, cnn_network *net)
{
    cnn_settings settings = *s->settings;
    cnn_error err = {0};
    cnn_reading_cost cost;
    const cnn_text text = write_list(s, values, &settings.input);
    const bool read = cnn_network_read_counted(arena, text, &settings, &cost, net, &err);
    s->effort += cost.effort;
    s->layers = cost.layers > s->layers ? cost.layers : s->layers;
    s->lists += read;
    if (!read) {
        keep_error(s, values, &err);
    }
    return read;
}

/* Works out what is wanted of the network. False: out of memory. What else is wrong with a quantity
 * becomes an answer that it has none. */
static bool find_numbers(cnn_solver *s, cnn_network *net, cnn_arena *arena, cnn_numbers *out)
{
    const cnn_solve_options *options = s->options;
    uint32_t needs = 0;
    cnn_error ignored = {0};
    if (options->fold && !cnn_network_fold(net, arena, s->err)) {
        return false;
    }
    (void)cnn_numbers_begin(out, net, options->dtype, options->samples, &ignored);
    (void)cnn_numbers_train(out, options->train, options->device, options->checkpoint, &ignored);
    for (int32_t i = 0; i < s->want_count; i++) {
        needs |= s->wants[i].what->needs;
    }
    const bool done = cnn_numbers_prepare(out, needs, arena, &ignored);
    s->effort += out->effort;
    return done || ignored.code != CNN_OUT_OF_MEMORY || cnn_fail_memory(s->err);
}

static bool fail_layers(cnn_solver *s)
{
    const cnn_span whole = {0, (uint32_t)s->unknowns.text.size};
    return cnn_fail_numbers(s->err, CNN_E_SOLVE_LAYERS, whole, s->layers - 1, 0);
}

/* Bounds for lists that all take as long as the first one that can be read. */
static bool begin_bounds(cnn_solver *s, int64_t effort)
{
    const int64_t tries = EFFORT / (effort + 1);
    s->any = true;
    if (tries < LEAST_TRIES) {
        return fail_layers(s);
    }
    set_bounds(s, tries);
    return true;
}

/* Tries the list with these numbers. Out of memory is an error of the solver. */
static void try_values(cnn_solver *s, const int64_t *values)
{
    enum { BESIDE = 4 }; /* what is done beside reading, in layers */
    s->spare = s->spare != NULL ? s->spare : CNN_NEW(&s->arena, cnn_solution);
    if (s->spare == NULL) {
        (void)cnn_fail_memory(s->err);
        return;
    }
    const int64_t before = s->effort;
    cnn_arena arena = s->arena;
    cnn_network net = {0};
    cnn_numbers numbers;
    s->over = false;
    s->effort += BESIDE;
    if (!read_values(s, values, &arena, &net) || !find_numbers(s, &net, &arena, &numbers) ||
        (!s->any && !begin_bounds(s, s->effort - before))) {
        return;
    }
    cnn_solution tried = {
        .output = net.layers[net.output].out, .params = net.totals.params, .macs = net.totals.macs};
    memcpy(tried.values, values, sizeof tried.values);
    judge(s, &net, &numbers, &tried);
}

/* ---- the search ---- */

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
    } while (within(s, high) && high < INT64_MAX / 2 && s->effort < MOST_EFFORT);
    while (high - low > 1 && s->effort < MOST_EFFORT) {
        const int64_t middle = low + (high - low) / 2;
        *(within(s, middle) ? &low : &high) = middle;
    }
    unknown->high = high - low > 1 ? low : high;
}

/* How far the search is: the place of `values` among all combinations. These are as many as there
 * may be tries, or 2 for each unknown, so nothing overflows. */
static void tell_progress(const cnn_solver *s, const int64_t *values)
{
    int64_t tried = 0, all = 1;
    for (int32_t i = 0; i < s->unknowns.count; i++) {
        const cnn_unknown *unknown = &s->unknowns.list[i];
        const int64_t numbers = unknown->high - unknown->low + 1;
        const int64_t at = values[i] < unknown->high ? values[i] : unknown->high;
        tried = tried * numbers + at - unknown->low;
        all *= numbers;
    }
    s->options->progress(s->options->user, tried, all);
}

/* Sets the bounds to what was tried when the search has to end at `values`: all combinations that
 * come before them. */
static void end_bounds(cnn_solver *s, const int64_t *values)
{
    const int32_t last = s->unknowns.count - 1;
    int32_t i = 0;
    while (i < last && values[i] == s->unknowns.list[i].low) {
        s->unknowns.list[i].high = values[i];
        i++;
    }
    s->unknowns.list[i].high = i < last ? values[i] - 1 : values[i];
}

/* Goes on to the next combination while there is one and time for it. Numbers grow, and lists with
 * them: half as many as took NARROW may still take all that is left of MOST_EFFORT. */
static bool go_on(cnn_solver *s, int64_t *values)
{
    if (s->effort >= NARROW && !s->narrowed) {
        s->narrowed = true;
        set_bounds(s, s->lists / 2);
    }
    if (s->effort >= MOST_EFFORT) {
        end_bounds(s, values);
        return false;
    }
    return s->err->code == CNN_OK && advance(&s->unknowns, values);
}

/* No number helps: the list itself is wrong, or it takes so long that none but the smallest numbers
 * were tried. It is read once more, for the words of its error. */
static bool fail_reading(cnn_solver *s)
{
    if (s->effort >= MOST_EFFORT && s->first_code == CNN_E_TOO_SMALL) {
        return fail_layers(s);
    }
    cnn_settings settings = *s->settings;
    const cnn_text text = write_list(s, s->first_values, &settings.input);
    cnn_network net = {0};
    (void)cnn_network_read(&s->arena, text, &settings, &net, s->err);
    const bool input = s->err->source == CNN_SOURCE_INPUT;
    s->err->span = cnn_unknowns_place(&s->unknowns, input, s->first_values, s->err->span);
    s->err->call = cnn_unknowns_place(&s->unknowns, input, s->first_values, s->err->call);
    return false;
}

bool cnn_solver_run(cnn_solver *s)
{
    enum { TOLD = 64 }; /* every so many tries */
    int64_t values[CNN_MOST_UNKNOWNS] = {0}, tries = 0;
    const bool grows = s->unknowns.count == 1 && s->unknowns.list[0].grows;
    set_bounds(s, MOST_TRIES);
    s->spare = CNN_NEW(&s->arena, cnn_solution);
    s->empty = s->arena;
    do {
        try_values(s, values);
        if (grows && s->over) {
            s->unknowns.list[0].high = values[0];
        }
        if (s->options->progress != NULL && ++tries % TOLD == 0) {
            tell_progress(s, values);
        }
    } while (go_on(s, values));
    follow_budget(s);
    return s->err->code == CNN_OK && (s->any || fail_reading(s));
}
