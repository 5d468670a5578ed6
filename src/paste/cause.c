/* Where a declared number of inputs may come from, when a number explains it. */
#include "paste/flow.h"

static cnn_text number(cnn_paster *p, int64_t n)
{
    return cnn_paste_digits(p, n);
}

/* Parts one after another. */
static cnn_text sentence(cnn_paster *p, const cnn_text *parts, int32_t count)
{
    cnn_text all = {0};
    for (int32_t i = 0; i < count; i++) {
        all = cnn_paste_join(p, all, "", parts[i]);
    }
    return all;
}

static cnn_text shape_text(cnn_paster *p, const cnn_shape *shape)
{
    cnn_text all = number(p, shape->channels);
    for (int32_t i = 0; i < shape->axes; i++) {
        all = cnn_paste_join(p, all, "x", number(p, shape->side[i]));
    }
    return all;
}

/* "400 = 16x5x5", when so many channels leave a square. */
static cnn_text product_text(cnn_paster *p, int64_t declared, int64_t channels)
{
    for (int64_t side = 1; channels > 0 && side * side * channels <= declared; side++) {
        if (side * side * channels == declared) {
            const cnn_shape shape = {.channels = channels, .side = {side, side}, .axes = 2};
            return cnn_paste_join(p, number(p, declared), " = ", shape_text(p, &shape));
        }
    }
    return number(p, declared);
}

/* The values of a map before it was made smaller. */
static cnn_text earlier_size(cnn_paster *p, const cnn_mismatch *m)
{
    for (int32_t i = m->value; i >= 0; i--) {
        const cnn_layer *layer = &p->net->layers[i];
        if (layer->out.axes == 0 || cnn_shape_values(&layer->out) != m->declared) {
            continue;
        }
        const cnn_text shape = shape_text(p, &layer->out);
        const cnn_text op = cnn_text_of(i + 1 <= m->value ? p->net->layers[i + 1].op->name : "");
        const cnn_text parts[] = {number(p, m->declared), cnn_text_of(" = "), shape,
                                  cnn_text_of(" is the size before "), op};
        return i == 0 || op.size == 0 ? (cnn_text){0} : sentence(p, parts, 5);
    }
    return (cnn_text){0};
}

/* Another size of the input, for which the number is right. */
static cnn_text other_input(cnn_paster *p, cnn_module *root, const cnn_mismatch *m)
{
    cnn_entry entry;
    cnn_network scratch = {0};
    cnn_network *const net = p->net;
    int64_t low, high;
    if (!cnn_entry_find(p, root, &entry) || entry.axes != 2) {
        return (cnn_text){0};
    }
    p->net = &scratch;
    const bool found = cnn_solve_side(p, root, &entry, m->declared, &low, &high);
    p->net = net;
    if (!found || p->declared != m->declared) {
        return (cnn_text){0};
    }
    const int64_t side = cnn_usual_side(low, high);
    const cnn_text parts[] = {
        product_text(p, m->declared, m->shape.axes > 0 ? m->shape.channels : 0),
        cnn_text_of(" fits an input of "), number(p, side), cnn_text_of("x"), number(p, side)};
    return sentence(p, parts, 5);
}

static cnn_text cause_of(cnn_paster *p, cnn_module *root, const cnn_mismatch *m)
{
    if (m->shape.axes > 0 && m->declared == m->shape.channels) {
        const cnn_text parts[] = {number(p, m->declared),
                                  cnn_text_of(" are the channels alone: height and width are "
                                              "forgotten")};
        return sentence(p, parts, 2);
    }
    const cnn_text earlier = earlier_size(p, m);
    if (earlier.size > 0 || p->err->code != CNN_OK) {
        return earlier;
    }
    const cnn_text other = root == NULL ? (cnn_text){0} : other_input(p, root, m);
    if (other.size > 0 || p->err->code != CNN_OK) {
        return other;
    }
    /* Divided, as the double of what is declared may not fit. */
    const bool twice = m->declared / 2 == m->enters && m->declared % 2 == 0;
    const bool half = m->enters / 2 == m->declared && m->enters % 2 == 0;
    return twice || half ? cnn_paste_join(p, number(p, m->declared), "",
                                          cnn_text_of(twice ? " is twice what enters"
                                                            : " is half of what enters"))
                         : (cnn_text){0};
}

bool cnn_causes_find(cnn_paster *p, cnn_module *root)
{
    static const char *const kinds[] = {"linear-in", "view", "view-batch"};
    for (const cnn_mismatch *m = p->mismatches; m != NULL; m = m->next) {
        for (size_t i = 0; i < CNN_LENGTH(kinds); i++) {
            if (cnn_word_is(cnn_text_of(m->kind), kinds[i])) {
                ((cnn_mismatch *)m)->cause = cause_of(p, root, m);
            }
        }
    }
    return p->err->code == CNN_OK;
}
