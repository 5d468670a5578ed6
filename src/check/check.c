/* Checking answers: reading claims, judging, following through, naming mistakes. */
#include "check/check.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "report/report.h"

/* Of a model of which only the sums are known, these can be checked. */
static bool may_ask(const cnn_claims *claims, int32_t first, const cnn_network *net, cnn_error *err)
{
    for (int32_t i = first; net->sums_only && i < claims->count; i++) {
        const cnn_claim *claim = &claims->list[i];
        if (claim->what->needs != 0 || claim->what->by_layer || !claim->of.total) {
            const cnn_text name = cnn_text_of(claim->what->name);
            return cnn_fail_words(err, CNN_E_MODEL_SUMS, (cnn_span){0, 0}, name, (cnn_text){0});
        }
    }
    return true;
}

static bool read_claims(const cnn_claim_text *texts, int32_t count, bool all,
                        const cnn_numbers *numbers, cnn_claims *claims, cnn_error *err)
{
    for (int32_t i = 0; i < count; i++) {
        const int32_t before = claims->count;
        claims->source = i;
        const bool read = texts[i].sheet ? cnn_sheet_read(texts[i].text, all, numbers, claims, err)
                                         : cnn_claim_read(texts[i].text, numbers, claims, err);
        if (!read || !may_ask(claims, before, numbers->net, err)) {
            err->source = CNN_SOURCE_CLAIM;
            err->index = i;
            return false;
        }
    }
    return true;
}

static bool has_word(cnn_text text, cnn_text word)
{
    for (size_t i = 0; i + word.size <= text.size; i++) {
        if (cnn_text_same((cnn_text){text.data + i, word.size}, word)) {
            return true;
        }
    }
    return false;
}

/* What the quantities need, or in a large network those that a text seems to be about. */
static uint32_t needs_of(cnn_text text, bool large)
{
    uint32_t needs = 0;
    for (size_t k = 0; k < cnn_quantity_count; k++) {
        const cnn_quantity *what = &cnn_quantities[k];
        cnn_text words = cnn_text_of(what->words != NULL ? what->words : "");
        bool found = what->needs != 0 && (!large || has_word(text, cnn_text_of(what->name)));
        while (what->needs != 0 && words.size > 0 && !found) {
            found = has_word(text, cnn_text_split(&words, ' '));
        }
        needs |= found ? what->needs : 0;
    }
    return needs;
}

enum { MOST_FIELDS = 300000, MEGABYTE = 1000000 };

/* Whether an answer can be looked at; what it needs in a large network is added to `needs`:
 * receptive fields cost as much memory as the network. */
static bool may_check(const cnn_claim_text *text, const cnn_network *net, uint32_t *needs,
                      cnn_error *err)
{
    const int64_t layers = net->layer_count - 1;
    if (text->text.size > CNN_MAX_BYTES) {
        err->word[0] = cnn_text_of(text->sheet ? "the sheet" : "the answer");
        return cnn_fail_numbers(err, CNN_E_CLAIM_LONG, (cnn_span){0, 0}, CNN_MAX_BYTES, 0);
    }
    *needs |= needs_of(text->text, layers > CNN_MOST_STUDIED);
    if ((*needs & CNN_NEEDS_FIELDS) != 0 && layers > MOST_FIELDS) {
        return cnn_fail_numbers(err, CNN_E_FIELD_COST, (cnn_span){0, 0}, layers,
                                layers * (int64_t)sizeof(cnn_field) / MEGABYTE);
    }
    return true;
}

/* Starts the list of claims, and computes what they need if it fits. */
static bool prepare(const cnn_claim_text *texts, int32_t count, cnn_numbers *numbers,
                    cnn_claims *claims, cnn_arena *arena, cnn_error *err)
{
    uint32_t needs = 0;
    for (int32_t i = 0; i < count; i++) {
        if (!may_check(&texts[i], numbers->net, &needs, err) ||
            !cnn_text_check(texts[i].text, err)) {
            err->source = CNN_SOURCE_CLAIM;
            err->index = i;
            return false;
        }
    }
    cnn_error ignored = {0};
    (void)cnn_numbers_prepare(numbers, needs, arena, &ignored);
    if (ignored.code == CNN_OUT_OF_MEMORY || !cnn_arena_align_low(arena)) {
        return cnn_fail_memory(err);
    }
    claims->arena = arena;
    claims->list = (cnn_claim *)(void *)arena->low;
    return true;
}

static void count_verdicts(const cnn_claims *claims, cnn_check_counts *counts)
{
    int32_t count[CNN_VERDICTS] = {0};
    for (int32_t i = 0; i < claims->count; i++) {
        count[claims->list[i].verdict]++;
    }
    *counts = (cnn_check_counts){count[CNN_VERDICT_RIGHT], count[CNN_VERDICT_FOLLOWS],
                                 count[CNN_VERDICT_WRONG], count[CNN_VERDICT_UNREAD]};
}

/* Verdicts, then causes of what is wrong. */
static bool judge(cnn_claims *claims, const cnn_numbers *numbers, cnn_check_counts *counts,
                  cnn_error *err)
{
    cnn_pupil pupil;
    cnn_claims_judge(claims, numbers);
    count_verdicts(claims, counts);
    if (counts->wrong == 0 || numbers->net->layer_count > CNN_MOST_STUDIED) {
        return true;
    }
    const bool done = cnn_claims_link(claims, numbers->net, err) &&
                      cnn_claims_read_otherwise(claims, numbers, err) &&
                      cnn_claims_follow(claims, numbers, &pupil, err) &&
                      cnn_claims_diagnose(claims, numbers, &pupil, err);
    count_verdicts(claims, counts);
    return done;
}

/* Out of memory may show itself late, so a run that only counts comes before the one that writes.
 */
static bool write_all(const cnn_checked *checked, bool json, cnn_writer *to, cnn_error *err)
{
    void (*const write)(const cnn_checked *checked) = json ? cnn_check_json : cnn_check_text;
    cnn_out_open(checked->out, NULL);
    write(checked);
    if (err->code != CNN_OK) {
        return false;
    }
    cnn_out_open(checked->out, to);
    write(checked);
    return true;
}

bool cnn_check_write(const cnn_network *net, const cnn_claim_text *claims, int32_t count,
                     const cnn_report_options *options, cnn_arena scratch, cnn_writer *to,
                     cnn_check_counts *counts, cnn_error *err)
{
    const cnn_format *format = cnn_format_for(options->format, CNN_TASK_CHECK, err);
    cnn_numbers numbers;
    if (format == NULL ||
        !cnn_numbers_begin(&numbers, net, options->dtype, options->samples, err) ||
        !cnn_numbers_train(&numbers, options->train, options->device, options->checkpoint, err) ||
        !cnn_numbers_checkpoint(&numbers, &scratch, err)) {
        return false;
    }
    cnn_claims all = {0};
    if (!prepare(claims, count, &numbers, &all, &scratch, err) ||
        !read_claims(claims, count, options->all, &numbers, &all, err) ||
        !judge(&all, &numbers, counts, err)) {
        return false;
    }
    cnn_out out;
    const cnn_checked checked = {claims, &all, &numbers, counts, scratch, &out, err};
    if (!write_all(&checked, format->kind == CNN_FORMAT_JSON, to, err)) {
        return false;
    }
    if (!cnn_out_close(&out)) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}
