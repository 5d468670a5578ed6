/* Checking answers: reading claims, judging, following through, naming mistakes. */
#include "check/check.h"

#include "base/arena.h"
#include "report/report.h"

static bool read_claims(const cnn_claim_text *texts, int32_t count, bool all,
                        const cnn_numbers *numbers, cnn_claims *claims, cnn_error *err)
{
    for (int32_t i = 0; i < count; i++) {
        const bool read = texts[i].sheet ? cnn_sheet_read(texts[i].text, all, numbers, claims, err)
                                         : cnn_claim_read(texts[i].text, numbers, claims, err);
        if (!read) {
            err->source = CNN_SOURCE_CLAIM;
            err->number[3] = i;
            return false;
        }
    }
    return true;
}

/* Room for all claims that the texts can hold, and the receptive fields if they fit. */
static bool prepare(const cnn_claim_text *texts, int32_t count, cnn_numbers *numbers,
                    cnn_claims *claims, cnn_arena *arena, cnn_error *err)
{
    size_t room = 0;
    for (int32_t i = 0; i < count; i++) {
        if (texts[i].text.size > CNN_MAX_BYTES) {
            return cnn_fail_numbers(err, CNN_E_TOO_LONG, (cnn_span){0, 0}, CNN_MAX_BYTES, 0);
        }
        room += cnn_claim_bound(texts[i].text);
    }
    claims->list = CNN_NEW_ARRAY(arena, cnn_claim, room);
    if (claims->list == NULL) {
        return cnn_fail_memory(err);
    }
    cnn_error ignored = {0};
    (void)cnn_numbers_prepare(numbers, CNN_NEEDS_FIELDS | CNN_NEEDS_MEMORY, arena, &ignored);
    if (ignored.code == CNN_OUT_OF_MEMORY) {
        return cnn_fail_memory(err);
    }
    return true;
}

/* Out of memory may show itself late, so a run that only counts comes before the one that writes.
 */
static bool write_text(cnn_checked *checked, cnn_writer *to, cnn_error *err)
{
    cnn_out_open(checked->out, NULL);
    cnn_check_text(checked);
    if (err->code != CNN_OK) {
        return false;
    }
    cnn_out_open(checked->out, to);
    cnn_check_text(checked);
    return true;
}

bool cnn_check_write(const cnn_network *net, const cnn_claim_text *claims, int32_t count,
                     const cnn_report_options *options, cnn_arena scratch, cnn_writer *to,
                     bool *all_right, cnn_error *err)
{
    const cnn_format *format = cnn_format_for(options->format, CNN_TASK_CHECK, err);
    cnn_numbers numbers;
    if (format == NULL ||
        !cnn_numbers_begin(&numbers, net, options->dtype, options->samples, err)) {
        return false;
    }
    const bool json = format->kind == CNN_FORMAT_JSON;
    cnn_claims all = {0};
    cnn_pupil pupil;
    if (!prepare(claims, count, &numbers, &all, &scratch, err) ||
        !read_claims(claims, count, options->all, &numbers, &all, err)) {
        return false;
    }
    cnn_claims_judge(&all);
    if (!cnn_claims_follow(&all, &numbers, &pupil, &scratch, err) ||
        !cnn_claims_diagnose(&all, &numbers, &pupil, &scratch, err)) {
        return false;
    }
    *all_right = true;
    for (int32_t i = 0; i < all.count; i++) {
        *all_right = *all_right && all.list[i].verdict != CNN_VERDICT_WRONG;
    }
    cnn_out out;
    cnn_checked checked = {&all, &numbers, scratch, &out, err};
    if (json) {
        cnn_out_open(&out, to);
        cnn_check_json(&checked);
    } else if (!write_text(&checked, to, err)) {
        return false;
    }
    if (!cnn_out_close(&out)) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}
