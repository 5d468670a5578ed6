/* Trials: a claim's expression evaluated at every point. */
#include "gradient/gradient_claim.h"

#include <string.h>

#include "base/arena.h"

/* Multiply-adds that evaluating one claim at one point may take. */
static const int64_t CLAIM_WORK = 100000000;

bool cnn_trial_fail(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim, cnn_unfit unfit)
{
    const size_t begin = (size_t)(claim->text.data - sheet->text.data);
    const cnn_span span = {(uint32_t)begin, (uint32_t)(begin + claim->text.size)};
    const int64_t limit = sheet->work_eval > 0 ? CLAIM_WORK : CNN_SHEET_WORK;
    return unfit == CNN_UNFIT_MEMORY
               ? cnn_fail_memory(sheet->err)
               : cnn_fail_numbers(sheet->err, CNN_E_CLAIM_COST, span, limit, 0);
}

bool cnn_trial_at(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim, int32_t names,
                  int32_t point, cnn_trial *trial, cnn_arena temporary, cnn_matrix *v)
{
    const int64_t work = sheet->work_eval < CLAIM_WORK ? sheet->work_eval : CLAIM_WORK;
    cnn_env env = {.arena = &temporary, .work = work};
    bool done = cnn_gradient_claim_eval(sheet, claim, names, point, &env, v);
    sheet->work_eval -= work - env.work;
    if (done && !cnn_matrix_finite(v)) {
        done = cnn_fail_number(&env, claim->term);
    }
    trial->unfit = env.unfit;
    trial->op = env.op;
    memcpy(trial->spans, env.spans, sizeof env.spans);
    memcpy(trial->dims, env.dims, sizeof env.dims);
    return done;
}

/* A value is evaluated beside the place that it is to have. Where its size is not as expected there
 * is no such place yet, and it is evaluated once more. */
static bool try_point(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim, int32_t names,
                      int32_t point, cnn_trial *trial)
{
    cnn_matrix *out = &trial->at[point], v;
    *out = (cnn_matrix){{1, 1, {0}}, NULL};
    if (point > 0 || claim->what != NULL) {
        out->dims = point > 0 ? trial->at[0].dims : claim->what->dims;
    }
    for (;;) {
        const int64_t count = cnn_dims_count(&out->dims);
        const cnn_arena before = sheet->arena;
        out->v = CNN_NEW_ARRAY(&sheet->arena, double, count);
        if (out->v == NULL) {
            return cnn_fail_memory(sheet->err);
        }
        if (!cnn_trial_at(sheet, claim, names, point, trial, sheet->arena, &v)) {
            return trial->unfit != CNN_UNFIT_WORK && trial->unfit != CNN_UNFIT_MEMORY
                       ? true
                       : cnn_trial_fail(sheet, claim, trial->unfit);
        }
        out->dims.map = v.dims.map;
        if (cnn_same_dims(&out->dims, &v.dims)) {
            memcpy(out->v, v.v, (size_t)count * sizeof(double));
            return true;
        }
        out->dims = v.dims;
        sheet->arena = before;
    }
}

/* At the first point without a value the trial ends, and has the reason. */
bool cnn_trial_make(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim, int32_t names,
                    cnn_trial *trial)
{
    trial->at = CNN_NEW_ARRAY(&sheet->arena, cnn_matrix, sheet->points.count);
    if (trial->at == NULL) {
        return cnn_fail_memory(sheet->err);
    }
    for (int32_t p = 0; p < sheet->points.count; p++) {
        if (!try_point(sheet, claim, names, p, trial)) {
            return false;
        }
        if (trial->unfit != CNN_FIT_NONE) {
            return true;
        }
    }
    trial->valid = true;
    return true;
}
