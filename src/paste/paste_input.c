/* What enters: from the settings, from a call in the text, or solved backwards from the first
 * fully connected layer. */
#include "base/checked.h"
#include "paste/flow.h"

/* ---- sizes as people write them ---- */

/* Numbers with "x" between; false: it is something else. */
static bool read_sizes(cnn_text text, int64_t *number, int32_t *count)
{
    *count = 0;
    text = cnn_text_trim(text);
    /* "3x32x": the split does not show an empty part at the end. */
    if (text.size > 0 && text.data[text.size - 1] == 'x') {
        return false;
    }
    while (text.size > 0 && *count < CNN_AXES + 1) {
        cnn_text part = cnn_text_trim(cnn_text_split(&text, 'x'));
        int64_t n = 0;
        for (size_t i = 0; i < part.size; i++) {
            if (!cnn_is_digit(part.data[i]) || !cnn_checked_mul(n, 10, &n) ||
                !cnn_checked_add(n, part.data[i] - '0', &n)) {
                return false;
            }
        }
        if (n < 1) {
            return false;
        }
        number[(*count)++] = n;
    }
    return *count > 0 && text.size == 0;
}

/* The first layer gives the number of axes of its input, and nearly always its channels. */
static bool find_first(cnn_paster *p, cnn_module *m, void *user)
{
    /* entry->axes: -1 nothing found yet, 0 a vector, above 0 the sides of a window. */
    cnn_entry *entry = user;
    (void)p;
    if (entry->first == NULL && m->row->apply != NULL) {
        const cnn_py *declared = m->row->declares == NULL ? NULL : cnn_arg(m, m->row->declares);
        const bool linear = cnn_word_is(m->kind, "Linear") || cnn_word_is(m->kind, "LazyLinear") ||
                            cnn_word_is(m->kind, "Dense");
        const bool says = declared != NULL && declared->kind == CNN_PY_INT;
        const cnn_text name = cnn_text_of(m->row->name);
        /* The name of a window gives the axes even where it declares no channels: pooling, Keras'
         * Conv2D. */
        const bool window =
            strstr(m->row->name, "Pool") != NULL ||
            cnn_word_is((cnn_text){name.data, name.size < 4 ? name.size : 4}, "Conv");
        if (entry->axes > 0 && (linear || (says && m->axes != entry->axes))) {
            entry->first = m; /* after a window that does not say what enters it */
        } else if (says || linear) {
            entry->first = m;
            entry->axes = linear ? 0 : m->axes;
            entry->channels = says ? declared->number : 0;
            /* a norm of one axis takes vectors, too; GroupNorm and PReLU take all */
            entry->loose = !linear && (strchr(m->row->name, '#') == NULL ||
                                       (m->axes == 1 && strstr(m->row->name, "Norm") != NULL));
        } else if (entry->axes < 0 && window) {
            entry->axes = m->axes;
        }
    }
    return true;
}

bool cnn_entry_find(cnn_paster *p, cnn_module *root, cnn_entry *out)
{
    *out = (cnn_entry){.axes = -1};
    if (!cnn_modules_visit(p, root, find_first, out)) {
        return false;
    }
    out->open = out->axes < 0;
    out->axes = out->open ? 2 : out->axes;
    return true;
}

static bool wrong_input(cnn_paster *p, const cnn_entry *entry)
{
    p->err->source = CNN_SOURCE_INPUT;
    return cnn_fail_numbers(p->err, CNN_E_PASTE_INPUT, (cnn_span){0, 0}, entry->axes, 0);
}

/* One number is a side, or a vector where the first layer is fully connected. */
static bool shape_from(cnn_paster *p, const int64_t *number, int32_t count, const cnn_entry *entry,
                       cnn_shape *out)
{
    const int64_t channels = entry->channels > 0 ? entry->channels : 3;
    if (count == 1 && entry->axes == 0) {
        *out = (cnn_shape){.channels = number[0]};
        return true;
    }
    const int32_t axes = entry->axes == 0 ? count - 1 : entry->axes;
    *out = (cnn_shape){.channels = channels, .axes = axes};
    /* One number is the size of every side; n are the sides; n + 1 begin with the channels. */
    if (count != 1 && count != axes && count != axes + 1) {
        return wrong_input(p, entry);
    }
    for (int32_t i = 0; i < axes; i++) {
        out->side[i] = number[count == 1 ? 0 : count == axes ? i : i + 1];
    }
    out->channels = count == axes + 1 ? number[0] : channels;
    return true;
}

/* "vector784", "28 gray", "1d 4x100" */
static bool shape_from_words(cnn_paster *p, cnn_text text, const cnn_entry *entry, cnn_shape *out)
{
    static const struct {
        const char *word;
        int64_t channels; /* 0: it gives the axes */
        int32_t axes;
    } words[] = {{"vector", 0, 0}, {"1d", 0, 1},   {"2d", 0, 2},   {"3d", 0, 3},
                 {"gray", 1, 2},   {"grey", 1, 2}, {"mono", 1, 1}, {"rgb", 3, 2}};
    /* Words that give the axes precede the numbers, those that give the channels follow them. */
    cnn_entry said = *entry;
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        const size_t size = strlen(words[i].word);
        const bool last = words[i].channels > 0;
        if (text.size <= size) {
            continue;
        }
        const cnn_text there = {last ? text.data + text.size - size : text.data, size};
        if (cnn_text_is(there, words[i].word)) {
            text = (cnn_text){last ? text.data : text.data + size, text.size - size};
            said.axes = words[i].axes;
            said.channels = last ? words[i].channels : said.channels;
            break;
        }
    }
    int64_t number[CNN_AXES + 1];
    int32_t count;
    return read_sizes(text, number, &count) ? shape_from(p, number, count, &said, out)
                                            : wrong_input(p, entry);
}

/* (3, 224, 224) without a word about channels first: what Keras with another setting was given. */
static bool remark_on_order(cnn_paster *p, const int64_t *axis, int32_t count, bool first,
                            cnn_span span)
{
    const bool odd = count == 3 && !first && axis[0] <= 4 && axis[1] > 4 && axis[2] > 4;
    return !odd || cnn_paste_contains(p->text, "channels_first") ||
           cnn_paste_contains(p->text, "'th'") || cnn_paste_contains(p->text, "\"th\"") ||
           cnn_paste_remark(p, span,
                            "the input is read as height, width, channels; if its channels come "
                            "first, put K.set_image_data_format('channels_first') before it",
                            (cnn_text){0});
}

/* (32, 32, 3), (None, 32, 32, 3) with the batch, or 784. Where another size is None the settings
 * have to give the input. */
bool cnn_keras_shape(cnn_paster *p, const cnn_py *shape, bool batched, bool first, cnn_span span,
                     cnn_shape *out)
{
    const bool list = cnn_py_is_list(shape);
    const int32_t skip = batched ? 1 : 0;
    const int32_t count = list ? shape->items->count - skip : 1;
    int64_t axis[CNN_AXES + 1];
    bool open = false;
    if (shape->kind == CNN_PY_NAME) {
        return cnn_whole(p, shape, NULL, cnn_text_of("input_shape"), &axis[0]);
    }
    if (count < 1 || count > CNN_AXES + 1) {
        return cnn_not_followed(p, span);
    }
    for (int32_t i = 0; i < count; i++) {
        const cnn_py *one = list ? &shape->items->at[i + skip] : shape;
        axis[i] = 0;
        if (one->kind != CNN_PY_NONE &&
            !cnn_whole(p, one, NULL, cnn_text_of("input_shape"), &axis[i])) {
            return false;
        }
        open |= one->kind == CNN_PY_NONE;
        if (axis[i] < 1 && (one->kind != CNN_PY_NONE || p->settings->input.size == 0)) {
            return cnn_fail(p->err, CNN_E_PASTE_NO_INPUT, span);
        }
    }
    *out = (cnn_shape){.channels = axis[first ? 0 : count - 1], .axes = count - 1};
    if (open) {
        const cnn_entry entry = {.axes = out->axes, .channels = out->channels};
        return cnn_input_read(p, cnn_text_trim(p->settings->input), &entry, out);
    }
    for (int32_t i = 0; i + 1 < count; i++) {
        out->side[i] = axis[first ? i + 1 : i];
    }
    return remark_on_order(p, axis, count, first, span);
}

/* A shape given in the text, torch.randn(1, 3, 32, 32) or (3, 32, 32). */
static bool shape_from_hint(cnn_paster *p, const cnn_entry *entry, cnn_shape *out, bool *any)
{
    const cnn_items *items = p->hinted.items;
    int64_t number[CNN_AXES + 2];
    *any = false;
    if (p->hinted.kind == CNN_PY_NONE || items->count < 1 || items->count > CNN_AXES + 2) {
        return true;
    }
    for (int32_t i = 0; i < items->count; i++) {
        /* The first size may be a batch that is not known; the others must be known. */
        number[i] = items->at[i].kind == CNN_PY_INT ? items->at[i].number : i == 0 ? 1 : 0;
        if (number[i] < 1) {
            return true;
        }
    }
    /* A tensor has the batch; a tuple has it when it is one longer than the first layer's input. */
    const bool batched = p->hinted.kind == CNN_PY_SAMPLES || items->count == entry->axes + 2;
    const int64_t *from = number + batched;
    const int32_t count = items->count - batched;
    if (count < 1 ||
        (entry->axes > 0 && !entry->open && !entry->loose && count != entry->axes + 1)) {
        return true;
    }
    *any = true;
    if (p->framework == CNN_KERAS) {
        *out = (cnn_shape){.channels = from[count - 1], .axes = count - 1};
        memcpy(out->side, from, (size_t)(count - 1) * sizeof *from);
    } else {
        *out = (cnn_shape){.channels = from[0], .axes = count - 1};
        memcpy(out->side, from + 1, (size_t)(count - 1) * sizeof *from);
    }
    return cnn_paste_remark(p, p->hint, "the input's size is that of the call in line {l}",
                            (cnn_text){0});
}

/* ---- solved backwards ---- */

enum { MOST_SIDE = 2048 };

/* What enters the first fully connected layer when the input's side is `side`; -1: something is too
 * small; -2: no such layer is reached. */
static int64_t probe(cnn_paster *p, cnn_module *root, const cnn_entry *entry, int64_t side)
{
    cnn_shape shape = {.channels = entry->channels > 0 ? entry->channels : 3,
                       .side = {side, side, side},
                       .axes = entry->axes};
    for (int32_t i = shape.axes; i < CNN_AXES; i++) {
        shape.side[i] = 0;
    }
    const cnn_error before = *p->err;
    cnn_builder *const builder = p->builder;
    cnn_tensor *input;
    cnn_py in = {.kind = CNN_PY_TENSOR}, out;
    /* linear() ends the run in the middle, by false without an error. What the run has changed is
     * put back below. */
    p->probing = 1;
    p->probed_any = false;
    const int32_t calls = p->calls, depth = p->depth;
    cnn_frame *const frame = p->frame;
    const bool guessing = p->guessing;
    bool done = cnn_flow_begin(p, &shape, (cnn_span){0, 0}, &input);
    in.tensor = input;
    done = done && cnn_apply_one(p, root, &in, NULL, &out);
    p->probing = 0;
    p->calls = calls;
    p->depth = depth;
    p->frame = frame;
    p->guessing = guessing;
    p->builder = builder;
    const int32_t code = p->err->code;
    /* Limits end everything. Any other error means that this side does not fit. */
    const bool fatal =
        code == CNN_OUT_OF_MEMORY || code == CNN_E_PASTE_STEPS || code == CNN_E_PASTE_BYTES;
    if (!fatal) {
        *p->err = before;
    }
    return p->probed_any ? p->probed : done || fatal ? -2 : -1;
}

/* The smallest side from which on at least `values` enter; MOST_SIDE + 1: none does. */
static int64_t least_side(cnn_paster *p, cnn_module *root, const cnn_entry *entry, int64_t values)
{
    /* Binary search: the values grow with the side, and -1 (too small) counts as fewer. */
    int64_t low = 1, high = MOST_SIDE + 1;
    while (low < high) {
        const int64_t middle = (low + high) / 2;
        const int64_t found = probe(p, root, entry, middle);
        if (found == -2) {
            return MOST_SIDE + 1;
        }
        if (found >= values) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

bool cnn_solve_side(cnn_paster *p, cnn_module *root, const cnn_entry *entry, int64_t values,
                    int64_t *low, int64_t *high)
{
    const int64_t steps = p->steps;
    *low = least_side(p, root, entry, values);
    /* Strides give the same number of values for a range of sides, of which `high` is the last. */
    bool found = *low <= MOST_SIDE && probe(p, root, entry, *low) == values;
    if (found) {
        *high = least_side(p, root, entry, values + 1) - 1;
    }
    /* The search does not count as steps of the text. Without an upper end, as with an adaptive
     * pooling before the Linear, every side fits and none is the answer. */
    p->steps = p->err->code == CNN_OK ? steps : p->steps;
    return found && p->err->code == CNN_OK && *high < MOST_SIDE;
}

int64_t cnn_usual_side(int64_t low, int64_t high)
{
    /* The sides of ImageNet's, CIFAR's and MNIST's images first. */
    static const int16_t sides[] = {224, 32, 28,  64,  96,  128, 256, 227, 299, 48, 150,
                                    100, 50, 200, 160, 192, 384, 512, 112, 84,  56};
    for (size_t i = 0; i < CNN_LENGTH(sides); i++) {
        if (sides[i] >= low && sides[i] <= high) {
            return sides[i];
        }
    }
    return low;
}

static bool solve_backwards(cnn_paster *p, cnn_module *root, const cnn_entry *entry, cnn_shape *out,
                            bool *any)
{
    int64_t low, high;
    *any = false;
    /* Only to reach a Linear and see what it declares: 224, or the largest side where that is too
     * small. */
    if (probe(p, root, entry, 224) == -2 || !p->probed_any) {
        if (probe(p, root, entry, MOST_SIDE) == -2 || !p->probed_any) {
            return p->err->code == CNN_OK;
        }
    }
    if (!cnn_solve_side(p, root, entry, p->declared, &low, &high)) {
        return p->err->code == CNN_OK;
    }
    const int64_t side = cnn_usual_side(low, high);
    *out = (cnn_shape){.channels = entry->channels > 0 ? entry->channels : 3, .axes = entry->axes};
    for (int32_t i = 0; i < entry->axes; i++) {
        out->side[i] = side;
    }
    *any = true;
    const cnn_text from = cnn_paste_digits(p, low), to = cnn_paste_digits(p, high);
    return low == high ? cnn_paste_remark(
                             p, (cnn_span){0, 0},
                             "the input's size is not in the text; a square of {a} is what the "
                             "first Linear fits",
                             from)
                       : cnn_paste_remark(
                             p, (cnn_span){0, 0},
                             "the input's size is not in the text; squares of {a} are what the "
                             "first Linear fits",
                             cnn_paste_join(p, from, " to ", to));
}

bool cnn_input_read(cnn_paster *p, cnn_text text, const cnn_entry *entry, cnn_shape *out)
{
    int64_t number[CNN_AXES + 1];
    int32_t count;
    return read_sizes(text, number, &count) ? shape_from(p, number, count, entry, out)
                                            : shape_from_words(p, text, entry, out);
}

bool cnn_input_find(cnn_paster *p, cnn_module *root, cnn_shape *out, bool *any)
{
    const cnn_text text = cnn_text_trim(p->settings->input);
    cnn_entry entry;
    *any = true;
    if (!cnn_entry_find(p, root, &entry)) {
        return false;
    }
    /* The settings come before the text, and the text before what is solved for. */
    if (text.size > 0) {
        return cnn_input_read(p, text, &entry, out);
    }
    if (!shape_from_hint(p, &entry, out, any) || *any) {
        return p->err->code == CNN_OK;
    }
    if (entry.axes == 0 && entry.channels > 0) {
        *out = (cnn_shape){.channels = entry.channels};
        *any = true;
        return true;
    }
    return solve_backwards(p, root, &entry, out, any);
}
