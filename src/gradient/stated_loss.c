/*
 * A sheet may state its own loss. Its formula is compared with that of every known loss, as it is
 * written or, where it is written otherwise, by its values at random points.
 */
#include <string.h>

#include "base/arena.h"
#include "gradient/gradient_claim.h"

enum { POINTS = 3 };

/* Whether the formula uses values only: neither l itself nor gradients. */
static bool is_statement(const cnn_term *e)
{
    const bool name = e->kind == CNN_TERM_NAME || e->kind == CNN_TERM_ENTRY;
    bool values = !name || (!e->slope && e->quantity->role != CNN_VALUE_LOSS);
    for (const cnn_term *f = e->first; f != NULL && values; f = f->next) {
        values = is_statement(f);
    }
    return values;
}

static cnn_matrix get_loss(const cnn_gradient_sheet *sheet, const void *claim, int32_t point)
{
    return cnn_gradient_claim_right(sheet, claim, point);
}

/* The factor between the loss that the sheet states and the chain's; 0: there is none. Names that
 * the sheet gave before are evaluated, too. */
static double compare_losses(cnn_gradient_sheet *sheet, const cnn_gradient_claim *stated)
{
    bool valid = true;
    for (cnn_gradient_claim *c = sheet->claims; c <= stated && valid; c++) {
        if (c->what == NULL || c == stated) {
            cnn_trial *trial = &c->trials[CNN_NAMES_TRUE];
            *trial = (cnn_trial){0};
            valid = cnn_trial_make(sheet, c, CNN_NAMES_TRUE, trial);
        }
    }
    const cnn_trial *trial = &stated->trials[CNN_NAMES_TRUE];
    return valid && trial->valid ? cnn_trial_factor(sheet, trial, get_loss, stated) : 0;
}

/* The factor for one loss, at a few random points; 0: there is none. */
static double try_loss(cnn_gradient_sheet *sheet, cnn_chain *chain, const cnn_loss *loss,
                       const cnn_gradient_claim *stated, uint64_t seed)
{
    cnn_error ignored = {0};
    if (!cnn_loss_fits(loss, &chain->net->layers[chain->net->layer_count - 1], &ignored)) {
        return 0;
    }
    chain->loss = loss;
    for (sheet->points.count = 0; sheet->points.count < POINTS; sheet->points.count++) {
        cnn_point *point = &sheet->points.at[sheet->points.count];
        if (!cnn_point_make(chain, point, &sheet->arena, sheet->err)) {
            return 0;
        }
        cnn_point_random(chain, point, ++seed);
        cnn_chain_forward(chain, point, 0);
    }
    return compare_losses(sheet, stated);
}

/* The loss whose formula, as a derivation prints it, is the stated one; NULL: none. */
static const cnn_loss *find_loss(cnn_chain *chain, const cnn_gradient_claim *stated)
{
    const cnn_layer *last = &chain->net->layers[chain->net->layer_count - 1];
    const cnn_loss *kept = chain->loss, *found = NULL;
    for (size_t i = 0; i < cnn_loss_count && found == NULL; i++) {
        cnn_error ignored = {0};
        chain->loss = &cnn_losses[i];
        const bool fits = cnn_loss_fits(chain->loss, last, &ignored);
        found = fits && cnn_gradient_claim_derived(chain, stated) ? chain->loss : NULL;
    }
    chain->loss = kept;
    return found;
}

bool cnn_gradient_sheet_adopt_loss(cnn_gradient_sheet *sheet, cnn_chain *chain, uint64_t seed)
{
    const cnn_gradient_claim *stated = NULL;
    for (int32_t i = 0; i < sheet->count && stated == NULL; i++) {
        const cnn_gradient_claim *c = &sheet->claims[i];
        const bool loss = c->what == &chain->quantities[chain->loss_at] && !c->slope;
        stated = loss && c->term != NULL && is_statement(c->term) ? c : NULL;
    }
    const cnn_arena before = sheet->arena;
    const cnn_loss *chosen = stated != NULL ? find_loss(chain, stated) : NULL;
    double scale = chosen != NULL ? 1 : 0;
    if (stated != NULL && chosen == NULL &&
        !cnn_chain_affordable(chain, CNN_CLAIM_VALUES, CNN_CLAIM_WORK, sheet->err)) {
        return false;
    }
    sheet->work_eval = CNN_SHEET_WORK;
    for (size_t i = 0; i < cnn_loss_count && stated != NULL && scale != 1; i++) {
        const double f = try_loss(sheet, chain, &cnn_losses[i], stated, seed);
        /* a loss itself goes before the multiple of another */
        if (f > 0 && (chosen == NULL || f == 1)) {
            chosen = &cnn_losses[i];
            scale = f;
        }
        sheet->arena = before;
        if (sheet->err->code == CNN_OUT_OF_MEMORY) {
            return false;
        }
    }
    for (int32_t i = 0; i < sheet->count; i++) {
        memset(sheet->claims[i].trials, 0, sizeof sheet->claims[i].trials);
    }
    *sheet->err = (cnn_error){0}; /* an error of evaluation is reported when the claim is judged */
    chain->loss = chosen != NULL ? chosen : &cnn_losses[0];
    chain->scale = chosen != NULL ? cnn_tidy(scale) : 1;
    return true;
}
