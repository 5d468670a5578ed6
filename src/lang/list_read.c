/*
 * The list itself: its inputs, definitions and items from the first to the last byte. When an item
 * fails, it is read again, dry, because an error of syntax anywhere in it is told before whatever
 * else is wrong.
 */
#include "base/utf8.h"
#include "lang/descent.h"
#include "lang/outline.h"
#include "net/resolve.h"

typedef cnn_reader reader;
typedef cnn_place place;

/* An item at the top level failed. An error of syntax in it, or after it, is told first; otherwise
 * the error is told with the item that led to it, unless it is the place. */
static CNN_COLD bool explain_failure(reader *r, const place *top, const char *from)
{
    const cnn_error first = *r->err;
    if (first.code == CNN_OUT_OF_MEMORY) {
        return false;
    }
    *r->err = (cnn_error){0};
    r->dry = 1;
    /* The failure may have left any of these in the middle. */
    r->trial = r->nest = r->depth = 0;
    r->steps = r->reread = 0;
    r->checked = r->built_in = false;
    const char *end = cnn_read_item(r, top, from);
    if (end == NULL || cnn_read_break(r, end, false) == NULL) {
        return false;
    }
    *r->err = first;
    const cnn_span span = cnn_span_trimmed(r, from, end);
    /* The place is before the item: in a definition, which this item uses. */
    r->err->call = first.span.begin < span.begin ? span : (cnn_span){0, 0};
    return false;
}

static void end_item(reader *r, const char *p)
{
    if (r->item != NULL && p != NULL) {
        r->item->end = r->to->layer_count;
        r->item->span = cnn_span_trimmed(r, r->unit, p);
        r->item = NULL;
    }
}

/* Definitions and items, from `p` to the end of the text. */
static bool read_items(reader *r, place *at, const char *p)
{
    bool any = false;
    while (*p != '\0') {
        bool read;
        p = cnn_read_plain_layers(r, at, p, &read);
        if (p != NULL && !read) {
            if (r->named && cnn_see_definition(p)) {
                p = cnn_define(r, at, p);
                p = p != NULL ? cnn_read_break(r, p, false) : NULL;
                if (p == NULL) {
                    return false;
                }
                continue;
            }
            const char *from = r->unit = p;
            p = cnn_read_item(r, at, p);
            r->from = from;
            end_item(r, p);
        }
        if (p == NULL) {
            return explain_failure(r, at, r->from);
        }
        any = true;
        p = cnn_read_comma(r, p, false);
        if (p == NULL) {
            return false;
        }
    }
    return any || r->to->layer_count > r->to->net->input_count ||
           cnn_stop(r, CNN_E_EMPTY_LIST, cnn_span_at(r, p, p)) != NULL;
}

/* A --define that names nothing is a slip of the pen. */
static CNN_APART bool check_defines(reader *r)
{
    for (int32_t i = 0; i < r->settings->define_count && i < 32; i++) {
        if ((r->defines_used >> i & 1) != 0) {
            continue;
        }
        cnn_text rest = r->settings->defines[i];
        const cnn_span span = {0, (uint32_t)rest.size};
        const cnn_text name = cnn_text_trim(cnn_text_split(&rest, '='));
        r->err->source = CNN_SOURCE_DEFINE;
        r->err->index = i;
        if (!cnn_text_check(r->settings->defines[i], r->err)) {
            return false;
        }
        if (rest.size == 0 || name.size == 0) {
            return cnn_fail(r->err, CNN_E_DEFINE_FORM, span);
        }
        cnn_nearest nearest = cnn_nearest_to(name);
        cnn_names_offer_only(&r->definitions, true, &nearest);
        return cnn_fail_words(r->err, CNN_E_DEFINE_NAME, span, name, nearest.best);
    }
    return true;
}

/* An input of the settings, which is a separate text. */
static bool read_given_input(const reader *r, cnn_text text, int32_t index, cnn_input_text *input)
{
    bool named;
    /* Places in it are places in this text, so another reader reads it. */
    reader other = {.arena = r->arena, .err = r->err, .settings = r->settings};
    other.begin = cnn_copy_checked(r->arena, text, &named, r->err);
    if (other.begin == NULL && r->err->code == CNN_OUT_OF_MEMORY) {
        return false;
    }
    const cnn_span whole = {0, (uint32_t)text.size};
    if (other.begin == NULL || cnn_read_input(&other, other.begin, input) == NULL ||
        !cnn_input_fits(&input->shape, whole, r->err)) {
        r->err->source = CNN_SOURCE_INPUT;
        r->err->index = index;
        return false;
    }
    return true;
}

/* Whether the text of a named input can be one, and no earlier one has its name. */
static bool check_named_input(reader *r, int32_t index, cnn_text *name, cnn_text *size)
{
    const cnn_text *inputs = r->settings->inputs;
    int32_t code = cnn_split_input(inputs[index], name, size) ? CNN_OK : CNN_E_INPUT_LABEL;
    for (int32_t i = 0; code == CNN_OK && i < index; i++) {
        cnn_text other, ignored;
        (void)cnn_split_input(inputs[i], &other, &ignored);
        code = cnn_text_same(other, *name) ? CNN_E_INPUT_TWICE : CNN_OK;
    }
    if (code == CNN_OK) {
        return true;
    }
    r->err->source = CNN_SOURCE_INPUT;
    r->err->index = index;
    return cnn_fail_words(r->err, code, (cnn_span){0, (uint32_t)name->size}, *name, (cnn_text){0});
}

/* The size of a named input; a place in it is one in the whole text. */
static bool read_named_size(const reader *r, int32_t index, cnn_text size, cnn_input_text *at)
{
    const uint32_t before = (uint32_t)(size.data - r->settings->inputs[index].data);
    if (!read_given_input(r, size, index, at)) {
        r->err->span.begin += before;
        r->err->span.end += before;
        return false;
    }
    return true;
}

/* The inputs that the settings name: they replace the list's, or are all there are. */
static bool read_named_inputs(reader *r, cnn_input_text *first)
{
    const cnn_settings *s = r->settings;
    const bool own = !first->given; /* the list has none: these are the inputs */
    cnn_input_text *last = first;
    for (int32_t i = 0; i < s->input_count; i++) {
        cnn_text name, size;
        cnn_input_text *at = first;
        if (!check_named_input(r, i, &name, &size)) {
            return false;
        }
        while (at != NULL && !(at->given && cnn_text_same(at->name, name))) {
            at = at->next;
        }
        if (at == NULL && own) {
            at = i == 0 ? first : CNN_NEW(r->arena, cnn_input_text);
            if (at == NULL) {
                return cnn_stop_memory(r) != NULL;
            }
            last->next = at == first ? NULL : at;
            last = at;
            at->name = name;
        } else if (at == NULL) {
            cnn_nearest nearest = cnn_nearest_to(name);
            for (at = first; at != NULL; at = at->next) {
                cnn_nearest_offer(&nearest, at->name);
            }
            r->err->source = CNN_SOURCE_INPUT;
            r->err->index = i;
            return cnn_fail_words(r->err, CNN_E_INPUT_NAME, (cnn_span){0, (uint32_t)name.size},
                                  name, nearest.best);
        }
        if (!read_named_size(r, i, size, at)) {
            return false;
        }
    }
    return true;
}

/* The lines and definitions that may come before the first item. */
static const char *read_head(reader *r, const place *at, cnn_input_text *input)
{
    const char *p = cnn_read_input_lines(r, r->begin, input);
    p = p != NULL ? cnn_read_begin(r, p) : NULL;
    while (p != NULL && r->named && !input->given && cnn_see_definition(p)) {
        p = cnn_define(r, at, p);
        p = p != NULL ? cnn_read_break(r, p, false) : NULL;
        p = p != NULL ? cnn_read_input_lines(r, p, input) : NULL;
    }
    return p;
}

/* The size of the only input: what the settings give, or the list, or else the standard. */
static bool read_size(reader *r, const cnn_shape *standard, cnn_input_text *input)
{
    static const cnn_shape usual = {3, {224, 224}, 2}; /* for ImageNet */
    const cnn_settings *s = r->settings;
    const bool given = s->input.size > 0 || input->given || standard != NULL;
    const cnn_text text = given ? s->input : s->standard_input;
    if (text.size > 0) {
        return read_given_input(r, text, 0, input);
    }
    if (!input->given) {
        input->shape = standard != NULL ? *standard : usual;
    }
    return true;
}

static bool add_inputs(reader *r, const cnn_input_text *input)
{
    for (; input != NULL; input = input->next) {
        cnn_name *name = NULL;
        if (!cnn_builder_add_input(r->to, &input->shape, input->span)) {
            return false;
        }
        if (input->name.size == 0) {
            continue;
        }
        name = cnn_names_add(&r->inputs, input->name, r->arena);
        cnn_tensor *tensor = CNN_NEW(r->arena, cnn_tensor);
        if (name == NULL || tensor == NULL) {
            return cnn_stop_memory(r) != NULL;
        }
        *tensor = (cnn_tensor){input->shape, r->to->layer_count - 1};
        name->value = tensor;
        if (!r->to->outline) {
            r->to->net->layers[tensor->value].label = input->name;
        }
    }
    return true;
}

/* Inputs, and the definitions before them. Returns the position of the first item. */
static CNN_APART const char *read_inputs(reader *r, const cnn_shape *standard, const place *at)
{
    cnn_input_text input = {0};
    const char *p = read_head(r, at, &input);
    if (p == NULL || (r->settings->input_count > 0 && !read_named_inputs(r, &input)) ||
        !read_size(r, standard, &input) || !add_inputs(r, &input)) {
        return NULL;
    }
    r->input.shape = input.shape;
    return p;
}

/* The same at once for nearly all lists of a batch, which begin with an item. */
static inline const char *read_start(reader *r, const cnn_shape *standard, const place *at)
{
    const cnn_settings *s = r->settings;
    const char *p = r->begin;
    if (standard == NULL || r->named || !cnn_is_letter(*p) || cnn_fold(*p) == 'i' ||
        s->input.size > 0 || s->input_count > 0) {
        return read_inputs(r, standard, at);
    }
    r->input.shape = *standard;
    return cnn_builder_add_input(r->to, standard, (cnn_span){0, 0}) ? p : NULL;
}

/* Reads `text` into `to`, which is still to be opened. *in gets the input's shape; `standard` may
 * be NULL. */
static inline bool read_list(reader *r, cnn_text text, const cnn_shape *standard, bool outline,
                             cnn_keeping *keeping, cnn_network *net, cnn_shape *in)
{
    if (text.size > CNN_MAX_BYTES) {
        return cnn_fail_numbers(r->err, CNN_E_TOO_LONG, (cnn_span){0, 0}, CNN_MAX_BYTES, 0);
    }
    r->begin = cnn_copy_checked(r->arena, text, &r->named, r->err);
    if (r->begin == NULL) {
        return false;
    }
    cnn_names labels = {0};
    const cnn_frame frame = {.labels = &labels};
    place at = {.frame = &frame, .entry = &r->input, .top = true};
    if (!cnn_builder_open(r->to, r->arena, outline, net, r->err)) {
        return false;
    }
    r->to->keeping = keeping;
    const char *p = read_start(r, standard, &at);
    if (p == NULL) {
        return false;
    }
    net->text = text;
    net->nested = true;
    r->at.shape = *in = r->input.shape;
    r->axes = in->axes > 0 ? in->axes : 2; /* after a vector windows have two again */
    if (!read_items(r, &at, p) || (r->settings->define_count > 0 && !check_defines(r))) {
        return false;
    }
    cnn_builder_close(r->to, r->at.value);
    return true;
}

static const cnn_settings no_settings = {0};

/* A definition is read again for each call, and every term in it: bytes count as well as layers. */
bool cnn_network_read_counted(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                              cnn_reading_cost *cost, cnn_network *out, cnn_error *err)
{
    enum { BYTES_OF_LAYER = 16 };
    cnn_builder to = {0};
    cnn_shape in;
    reader r = {.arena = arena,
                .err = err,
                .to = &to,
                .settings = settings != NULL ? settings : &no_settings};
    const bool done = read_list(&r, text, NULL, false, NULL, out, &in);
    const int64_t bytes = r.reread + (int64_t)text.size;
    *cost = (cnn_reading_cost){to.layer_count, to.layer_count + r.steps + bytes / BYTES_OF_LAYER};
    return done;
}

bool cnn_network_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      cnn_network *out, cnn_error *err)
{
    cnn_reading_cost ignored;
    return cnn_network_read_counted(arena, text, settings, &ignored, out, err);
}

/* An outline cannot tell the sums of this list. */
static CNN_APART bool keep_instead(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                                   cnn_network *out, cnn_layer *ends, cnn_error *err)
{
    *err = (cnn_error){0};
    if (!cnn_network_read(arena, text, settings, out, err)) {
        return false;
    }
    ends->in = out->layers[0].out;
    ends->out = out->layers[out->output].out;
    return true;
}

bool cnn_outline_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      const cnn_shape *standard, cnn_keeping *keeping, cnn_network *out,
                      cnn_layer *ends, cnn_error *err)
{
    cnn_builder to;
    reader r = {.arena = arena, .err = err, .to = &to, .settings = settings};
    const cnn_arena before = *arena;
    const bool done = read_list(&r, text, standard, true, keeping, out, &ends->in);
    if (r.wants_layers && err->code == CNN_E_UNKNOWN_LABEL) {
        *arena = before;
        return keep_instead(arena, text, settings, out, ends, err);
    }
    ends->out = r.at.shape;
    return done;
}
